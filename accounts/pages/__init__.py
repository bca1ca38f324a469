"""The pages: which there are and whose, signing in, and the choices of a reader."""

from accounts.pages.frames import PAGES, Page, first_page, page_paths, pages_of
from accounts.pages.guards import PageRequest, page_for

__all__ = ["PAGES", "Page", "PageRequest", "first_page", "page_for", "page_paths", "pages_of"]
