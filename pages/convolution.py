"""The lesson on convolution."""

from convviz.web.lesson import lesson_page

lesson_page("convolution")
