"""Conversation scripts: read, played through the real turn path on a fresh database, and told as a report.

The command is `app.talk_test.command.run`; tests play single cases with `app.talk_test.runner.run_case`.
"""
