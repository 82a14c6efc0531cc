"""The lesson on channels."""

from convviz.web.lesson import lesson_page

lesson_page("channels")
