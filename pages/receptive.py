"""The lesson on receptive fields: a network as a table, and what an output sees."""

from convviz.web.lesson import lesson_page

lesson_page("receptive")
