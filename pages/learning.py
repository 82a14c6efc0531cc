"""The lesson on learning a kernel."""

from convviz.web.lesson import lesson_page

lesson_page("learning")
