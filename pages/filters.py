"""The lesson on filters on a real picture."""

from convviz.web.lesson import lesson_page

lesson_page("filters")
