"""The app as `streamlit run app.py` starts it, in a process with a name of its own."""

import sys
from pathlib import Path

if __name__ == "__main__":
    from streamlit.web.cli import main

    sys.argv = ["streamlit", "run", str(Path(__file__).parents[2] / "app.py"), *sys.argv[1:]]
    main()
