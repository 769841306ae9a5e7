"""Tests of app/web/chat/."""
