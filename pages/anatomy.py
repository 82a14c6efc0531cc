"""The lesson on the anatomy of a network that reads digits."""

from convviz.web.lesson import lesson_page

lesson_page("anatomy")
