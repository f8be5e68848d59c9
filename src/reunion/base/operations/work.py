"""What comes round: the newest signed head is published, so that anybody may keep it."""

from __future__ import annotations

from datetime import datetime, timedelta

from reunion.base.actor import system
from reunion.base.audit.access import last_head
from reunion.base.jobs.registry import duty
from reunion.base.publication.access import last_act
from reunion.base.publication.actions import put_out
from reunion.base.published.access import HEAD
from reunion.base.units.pack import jurisdiction


@duty("operations.publish_head", every=timedelta(days=1))
def publish_head(at: datetime) -> None:
    """Publish it once a day: each publication is an entry, and entries lead to a head."""
    head = last_head()
    if head is None:
        return
    before = last_act(HEAD, HEAD)
    if before is None or before.body != head.as_json():
        put_out(
            actor=system("publish_head"),
            kind=HEAD,
            key=HEAD,
            region=jurisdiction().regions.root.path,
            body=head.as_json(),
            at=at,
        )
