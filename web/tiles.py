"""Street tiles for the map: one PMTiles file of this place (MAP_PMTILES), read in pieces by byte ranges."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.pages.decorators import page_for
from accounts.roles import Right

ADDRESS = "/map/tiles.pmtiles"
# More than a piece of an archive ever is: its header and directories are read by 16 KiB, tiles have some hundred.
LARGEST_PIECE = 8 * 1024 * 1024
_RANGE = re.compile(r"^bytes=(\d{1,15})-(\d{1,15})$")


def tiles_address() -> str:
    """Where the map finds street tiles; "" where this place has none."""
    return ADDRESS if settings.MAP_PMTILES else ""


@require_safe
@page_for(lambda actor: actor.may(Right.BOARD_SEE))
def tiles(request: HttpRequest) -> HttpResponse:
    """A piece of the archive: 206 for a range, 416 for one that isn't there or asks for more than a piece."""
    if not settings.MAP_PMTILES:
        raise Http404
    path = Path(settings.MAP_PMTILES)
    size = path.stat().st_size
    wanted = _RANGE.match(request.headers.get("Range", ""))
    first, last = (int(wanted[1]), min(int(wanted[2]), size - 1)) if wanted else (0, -1)
    if not 0 <= first <= last or last - first >= LARGEST_PIECE:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    with path.open("rb") as archive:
        archive.seek(first)
        piece = archive.read(last - first + 1)
    return HttpResponse(
        piece,
        status=206,
        content_type="application/octet-stream",
        headers={
            "Content-Range": f"bytes {first}-{last}/{size}",
            "Accept-Ranges": "bytes",
            "ETag": f'"{size:x}-{path.stat().st_mtime_ns:x}"',
        },
    )
