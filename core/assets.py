"""Static files with a hash of their content in the name, so that a browser may keep them for ever."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Hashed names also in the import lines of our ES modules."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 10
