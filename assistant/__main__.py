"""``python -m assistant`` is ``strategy-assistant``."""

import sys

from assistant.cli import main

sys.exit(main())
