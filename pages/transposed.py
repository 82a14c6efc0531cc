"""The lesson on transposed convolution."""

from convviz.web.lesson import lesson_page

lesson_page("transposed")
