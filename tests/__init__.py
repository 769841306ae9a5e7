"""Tests. The environment is set here, before any of them imports a library that reads it."""

import os

os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", GRADIO_ANALYTICS_ENABLED="False")
for name in [name for name in os.environ if name.startswith("CHAT_")]:
    del os.environ[name]  # a developer's own settings must not decide what the tests see
