"""The lesson on pooling."""

from convviz.web.lesson import lesson_page

lesson_page("pooling")
