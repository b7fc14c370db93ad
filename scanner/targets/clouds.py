"""Public clouds' object stores, by host name: there only the buckets that somebody wrote are asked for. Asks nobody.

A bucket's name at a cloud is open to guessing, and whoever else owns it has allowed nothing. The forms of the names
are from each service's page on endpoints, named beside it.
"""

from __future__ import annotations

import re

_ZONE = r"[a-z0-9-]+"
_SERVICES = (
    # Amazon S3 User Guide, "Virtual hosting of general purpose buckets"; General Reference, "Amazon S3 endpoints"
    rf"s3(?:[.-](?:{_ZONE}))?(?:\.dualstack)?(?:\.{_ZONE})?\.amazonaws\.com(?:\.cn)?",
    # Google Cloud Storage, "Request endpoints"
    r"storage\.(?:cloud\.google|googleapis)\.com", r"commondatastorage\.googleapis\.com",
    # DigitalOcean, "Spaces API": REGION.digitaloceanspaces.com
    rf"{_ZONE}(?:\.cdn)?\.digitaloceanspaces\.com",
    # Backblaze, "S3-compatible API": s3.REGION.backblazeb2.com; downloads f000.backblazeb2.com
    rf"s3\.{_ZONE}\.backblazeb2\.com", r"f\d+\.backblazeb2\.com",
    # Wasabi, "Service URLs for Wasabi's storage regions"
    rf"s3(?:\.{_ZONE})?\.wasabisys\.com",
    # Cloudflare R2, "S3 API compatibility": ACCOUNT.r2.cloudflarestorage.com, with a jurisdiction or without
    rf"[0-9a-f]{{32}}(?:\.{_ZONE})?\.r2\.cloudflarestorage\.com", r"pub-[0-9a-f]{32}\.r2\.dev",
    # Alibaba Cloud OSS, "Regions and endpoints"
    rf"oss-{_ZONE}\.aliyuncs\.com",
    # Tencent Cloud COS, "Regions and access endpoints"
    rf"cos\.{_ZONE}\.myqcloud\.com", rf"cos\.{_ZONE}\.tencentcos\.(?:cn|com)",
    # Oracle Cloud, "Object Storage: Amazon S3 Compatibility API", and its own API
    rf"(?:{_ZONE}\.compat\.)?objectstorage\.{_ZONE}\.oraclecloud\.com",
    # Linode (Akamai), "Object Storage: endpoints"
    rf"{_ZONE}\.linodeobjects\.com",
    # Scaleway, "Object Storage: endpoints"
    rf"s3\.{_ZONE}\.scw\.cloud",
    # OVHcloud, "Object Storage: endpoints and geoavailability"
    rf"(?:s3|storage)\.{_ZONE}(?:\.(?:io|perf))?\.cloud\.ovh\.(?:net|us)",
    # IBM Cloud Object Storage, "Endpoints and storage locations"
    rf"s3(?:\.(?:private|direct))?(?:\.{_ZONE})+\.cloud-object-storage\.appdomain\.cloud",
    # Vultr, Hetzner and Exoscale, each its page on object storage
    rf"{_ZONE}\.vultrobjects\.com", rf"{_ZONE}\.your-objectstorage\.com", rf"sos-{_ZONE}\.exo\.io",
)
_ACCOUNTS = (
    # Azure, "Storage account overview: storage account endpoints"; sovereign clouds in "Azure Government" and "China"
    rf"{_ZONE}(?:\.z\d+)?\.(?:blob|dfs)\.(?:core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)"
    r"|storage\.azure\.net)",
)
_STORE = re.compile(rf"(?P<bucket>[a-z0-9.-]+\.)?(?:{'|'.join(_SERVICES)})")
_ACCOUNT = re.compile("|".join(_ACCOUNTS))


def is_store(host: str) -> bool:
    """Whether a host name, in lower-case A-labels, is one of a public object store."""
    return _STORE.fullmatch(host) is not None or _ACCOUNT.fullmatch(host) is not None


def is_bucket(host: str) -> bool:
    """Whether the host name begins with the name of a bucket: it is asked for as a whole."""
    found = _STORE.fullmatch(host)
    return found is not None and found["bucket"] is not None


def is_bucket_of(host: str, bucket: str) -> bool:
    """Whether the host name is that of this bucket at a public object store."""
    found = _STORE.fullmatch(host)
    return found is not None and found["bucket"] == f"{bucket.lower()}."
