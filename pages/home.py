"""The start of the app."""

from convviz.web.home import home_page

home_page()
