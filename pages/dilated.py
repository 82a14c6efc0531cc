"""The lesson on dilated convolution."""

from convviz.web.lesson import lesson_page

lesson_page("dilated")
