"""The lesson on sharing weights."""

from convviz.web.lesson import lesson_page

lesson_page("sharing")
