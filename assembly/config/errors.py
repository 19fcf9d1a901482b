"""Errors sent to a Sentry-compatible collector (ERROR_DSN): the place in the code and the request id.

Nothing that people typed is sent: no request, no local variable, no message of an exception, no breadcrumb.
"""

from typing import Any

KEYS = {"event_id", "timestamp", "level", "platform", "release", "environment", "logger", "transaction", "exception"}


def watch(dsn: str) -> None:
    """Send errors to this address from now on; without one the library is not even imported."""
    if not dsn:
        return
    import sentry_sdk  # noqa: PLC0415 -- most installations have no collector

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        server_name="",
        before_send=scrub,
        before_send_transaction=lambda event, hint: None,
    )


def scrub(event: Any, hint: Any) -> Any:
    """Return the kind of the error and its place; exception messages quote data, so they are removed."""
    from assembly.web.logs import request_id  # noqa: PLC0415 -- this module is read before the settings are

    scrubbed = {name: value for name, value in event.items() if name in KEYS}
    for error in scrubbed.get("exception", {}).get("values", []):
        error["value"] = ""
        error.pop("mechanism", None)
        for frame in (error.get("stacktrace") or {}).get("frames", []):
            for name in ("vars", "pre_context", "context_line", "post_context"):
                frame.pop(name, None)
    if token := request_id.get():
        scrubbed["tags"] = {"request_id": token}
    return scrubbed
