"""Static files with a hash of their content in the name, so that a browser may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

_SUFFIX, _PATTERNS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns
# Django takes `import("name")` for a file beside ours; a bare name is the import map's. `import("./x.js").Form` names a
# type in a comment: two modules may name each other's.
_DYNAMIC = (r"""(?P<matched>import\(["'](?P<url>\.{0,2}/.*?)["']\))(?!\.[A-Z])""", """import("%(url)s")""")


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Hashed names also in the import lines of our ES modules, and each file compressed once beside itself."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (_SUFFIX, (*_PATTERNS[:-1], _DYNAMIC))
    max_post_process_passes = 20  # one for each link of the longest chain of imports, if it has as many
