"""The pages: which there are and whose, signing in, and the choices of a reader."""

from accounts.pages.decorators import PageRequest, page_for
from accounts.pages.navigation import PAGES, Page, first_page, page_paths, pages_of

__all__ = ["PAGES", "Page", "PageRequest", "first_page", "page_for", "page_paths", "pages_of"]
