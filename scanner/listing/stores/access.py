"""What an object store's refusal means: error codes of S3, Google, Azure and Swift -> who may list. It reads no answer.

The codes are those of the services' reference pages: "Error responses" of the Amazon S3 API, "XML API: HTTP status and
error codes" and "JSON API: error responses" of Google Cloud Storage, "Blob service error codes" of Azure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

StoreAccess = Literal["open", "closed", "absent", "elsewhere", "unknown"]

_CLOSED = frozenset({
    "AccessDenied", "AllAccessDisabled", "AccessForbidden", "AccountProblem", "AccessControlListNotSupported",
    "CredentialsNotSupported", "ExpiredToken", "InvalidAccessKeyId", "InvalidPayer", "InvalidSecurity", "InvalidToken",
    "MissingAuthenticationToken", "MissingSecurityHeader", "MissingSecurityElement", "NotSignedUp",
    "RequestTimeTooSkewed", "SignatureDoesNotMatch", "Unauthorized", "UnauthorizedAccess", "UserDisable",
    "AuthenticationRequired", "UserProjectAccountProblem", "UserProjectMissing", "UserProjectAccessDenied",
    "AccountIsDisabled", "AuthenticationFailed", "AuthorizationFailure", "AuthorizationPermissionMismatch",
    "AuthorizationServiceMismatch", "AuthorizationSourceIPMismatch", "AuthorizationProtocolMismatch",
    "AuthorizationResourceTypeMismatch", "InsufficientAccountPermissions", "InvalidAuthenticationInfo",
    "NoAuthenticationInformation", "PublicAccessNotPermitted",
    "required", "forbidden", "authError", "accountDisabled", "userProjectMissing", "insufficientPermissions"})
_ABSENT = frozenset({"NoSuchBucket", "NoSuchTenant", "NoSuchUpload", "InvalidBucketName", "BucketNotFound",
                     "ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled", "notFound"})
_ELSEWHERE = frozenset({"PermanentRedirect", "TemporaryRedirect", "Redirect", "BucketRegionError",
                        "IllegalLocationConstraintException", "IncorrectEndpoint", "InvalidRegion"})
_UNKNOWN = frozenset({"InvalidRequest", "InvalidQueryParameterValue", "ResourceNotFound", "NoSuchKey", "SlowDown",
                      "InternalError", "ServiceUnavailable", "ServerBusy", "OperationTimedOut", "MethodNotAllowed",
                      "NotImplemented", "InvalidURI", "InvalidArgument"})


def access(status: int, facts: Mapping[str, str]) -> StoreAccess:
    """Who may list what was asked for, by the answer's status and `store.code`, `store.region`, `store.endpoint`.

    Azure says ResourceNotFound to strangers for what is private and for what does not exist: unknown.
    """
    code = facts.get("store.code", "")
    placed = bool(facts.get("store.region") or facts.get("store.endpoint"))
    if code == "AuthorizationHeaderMalformed":
        return "elsewhere" if placed else "closed"
    for codes, meaning in _CODES:
        if code in codes:
            return meaning
    return _by_status(status, placed=placed) if not code or status >= 400 else "unknown"


_CODES: tuple[tuple[frozenset[str], StoreAccess], ...] = (
    (_CLOSED, "closed"), (_ABSENT, "absent"), (_ELSEWHERE, "elsewhere"), (_UNKNOWN, "unknown"))


def _by_status(status: int, *, placed: bool) -> StoreAccess:
    if status in (200, 204, 207):
        return "open"
    if status in (401, 403):
        return "closed"
    if status in (404, 410):
        return "absent"
    return "elsewhere" if status in (301, 302, 303, 307, 308) and placed else "unknown"


#: Elements of an S3 or Azure error document, by the fact that each becomes.
ERROR = {"Code": "store.code", "Endpoint": "store.endpoint", "Region": "store.region",
         "Bucket": "store.name", "BucketName": "store.name"}
