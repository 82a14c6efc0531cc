"""The lesson on sequences."""

from convviz.web.lesson import lesson_page

lesson_page("sequences")
