"""The lesson on gated convolution."""

from convviz.web.lesson import lesson_page

lesson_page("gates")
