"""The player: a Scene in the browser. `wire` says it in JSON; the JavaScript knows marks, tracks and words only."""
