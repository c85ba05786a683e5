"""Footage in S3 buckets, and in what speaks S3; keys, region and endpoint come from the environment, as for AWS tools.

Owns: `listed`, `opened`. May import: `engine.core`, `engine.media.formats`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from engine.core.errors import FootageError
from engine.media.formats import SUFFIXES

_PIECE = 1 << 20


def listed(url: str) -> list[str]:
    """The objects an address stands for.

    Args:
        url: s3://bucket/key; a key that is empty or ends in "/" stands for all footage under it.

    Returns:
        Addresses of objects, in order of name, at least one.

    Raises:
        FootageError: kind "nothing-found" or "download-failed".
    """
    bucket, key = _parts(url)
    if key and not key.endswith("/"):
        return [url]
    with _explained(url):
        pages = _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
    found = sorted(name for name in keys if name.lower().endswith(tuple(SUFFIXES)))
    if not found:
        raise FootageError(
            f"There is no footage under {url}. Name an object, or a prefix that ends in / and holds video files.",
            kind="nothing-found",
        )
    return [f"s3://{bucket}/{name}" for name in found]


@contextmanager
def opened(url: str) -> Iterator[tuple[int | None, Iterator[bytes]]]:
    """One object: its size in bytes, and its pieces.

    Raises:
        FootageError: kind "download-failed".
    """
    bucket, key = _parts(url)
    with _explained(url):
        answer = _client().get_object(Bucket=bucket, Key=key)
        with closing(answer["Body"]) as body:
            yield int(answer["ContentLength"]), body.iter_chunks(_PIECE)


def _parts(url: str) -> tuple[str, str]:
    # Not `.path` alone: a key may hold # and ?, which mean nothing in S3.
    bucket, _, key = url.split("://", 1)[1].partition("/")
    if not bucket or urlsplit(f"//{bucket}").hostname != bucket.lower():
        raise FootageError(f"{url} names no bucket. Write s3://bucket/key.", kind="unsupported-source")
    return bucket, key


def _client() -> Any:
    import boto3

    return boto3.client("s3")


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what boto3 raises into a sentence."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise FootageError(
            f"{url} could not be read: {error}. Check the bucket, the key, and the AWS settings of this account "
            "(AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL), or download the object and name the file.",
            kind="download-failed",
        ) from error
