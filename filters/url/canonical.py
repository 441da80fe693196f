"""The canonical form of a URI: one address for one page, however it was written."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

import idna

DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21}
WEB_SCHEMES = frozenset(DEFAULT_PORTS)

# Parameters that say how a reader came, never what the page is: those that ClearURLs, AdGuard and Mozilla's query
# stripping agree on, without names that some sites use for content (ref, source, sid, cid, id).
TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "itm_", "vero_", "oly_", "fb_action_", "__hs")
_TRACKING_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid igshid igsh yclid ysclid mc_cid mc_eid mkt_tok "
    "_ga _gl _gac _hsenc _hsmi hsctatracking li_fat_id rdt_cid srsltid s_kwcid s_cid ef_id epik irclickid cmpid ncid "
    "sr_share wickedid xtor zanpid fb_source fb_ref at_medium at_campaign spm"
)
TRACKING_NAMES = frozenset(_TRACKING_NAMES.split())

# RFC 3986: characters that may stand in a path or query as they are.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE_OR_ILLEGAL = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")


def canonical_uri(uri: str) -> str:
    """``uri`` in canonical form; idempotent.

    Scheme and host in lower case, IDNA host, no default port, no fragment, no tracking parameter, dot segments
    resolved, percent-encoding as in RFC 3986 section 6.2.2. Order and case of the rest carry meaning and are kept.
    What is not a web address (a file's path, a ``urn:``), or is too broken to parse, is only stripped of white space.
    """
    uri = uri.strip()
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return uri
    scheme = parts.scheme.lower()
    if scheme not in WEB_SCHEMES or not parts.hostname:
        return uri
    host = canonical_host(parts.hostname)
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    userinfo = parts.netloc.rpartition("@")[0]
    if userinfo:
        netloc = f"{_encode(userinfo)}@{netloc}"
    path = _without_dot_segments(_encode(parts.path)) or "/"
    return urlunsplit(SplitResult(scheme, netloc, path, _without_tracking(_encode(parts.query)), ""))


def canonical_host(host: str) -> str:
    """A host name in lower case and IDNA, without trailing dots; one that IDNA refuses is only put in lower case."""
    host = host.lower().strip(".")
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def _encode(part: str) -> str:
    return _ESCAPE_OR_ILLEGAL.sub(_escape, part)


def _escape(match: re.Match[str]) -> str:
    digits = match[1]
    if digits is None:
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"


def _without_dot_segments(path: str) -> str:
    """RFC 3986 section 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _without_tracking(query: str) -> str:
    return "&".join(parameter for parameter in query.split("&") if parameter and not _is_tracking(parameter))


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)
