"""`test`: sees to a browser and the translations, then becomes pytest."""

import os
import sys
from typing import NoReturn

from core.launcher import browser
from core.launcher.connection import BASE_DIR
from core.launcher.messages import compile_messages
from core.launcher.words import say

# Set for another command: the root conftest makes the suite's own.
FOREIGN = ("DJANGO_SETTINGS_MODULE", "SIGAP_DB_ROLE")


def run(options: list[str]) -> NoReturn:
    """Replace this process by pytest with these words; raises LauncherError when no browser can be had."""
    os.chdir(BASE_DIR)
    compile_messages(BASE_DIR)
    os.environ["SIGAP_CHROMIUM"] = browser.ensure(os.environ, say=say)
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *options])
