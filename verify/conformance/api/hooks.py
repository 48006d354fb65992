"""What the document's JSON schemas cannot say, so that a request that is meant to be valid is.

Only parts of a request that were generated as valid are touched; what is meant to be invalid goes out as it was made.
"""

import json
import os
import zlib
from datetime import datetime

import requests
import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation

# What the service under test holds, by the name of the path parameter, and an event's detail that can be recorded.
KNOWN = json.loads(os.environ["CONFORMANCE_API_KNOWN"])
DETAIL = json.loads(os.environ["CONFORMANCE_API_DETAIL"])
PAST = "2026-04-02T10:00:00Z"
TIMEOUT_SECONDS = 30


@schemathesis.hook
def before_call(context, case, kwargs):
    if is_valid(case, ParameterLocation.PATH):
        name_what_is_there(case)
    if is_valid(case, ParameterLocation.QUERY):
        make_query_hold(case)
    # The page's form is no JSON, and the document has none.
    if case.operation.path == "/o/{token}" and case.method == "POST":
        kwargs["data"] = {"answer": "decline"}
    if is_valid(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        make_body_hold(case.body)


def is_valid(case, part):
    made = case.meta.components.get(part) if case.meta else None
    return made is not None and made.mode == GenerationMode.POSITIVE


def name_what_is_there(case):
    """Every second request asks for something that exists."""
    lot = zlib.crc32(repr(sorted(case.path_parameters.items())).encode())
    if lot % 2 == 0:
        for name, values in KNOWN.items():
            if name in case.path_parameters:
                case.path_parameters[name] = values[lot // 2 % len(values)]


def make_query_hold(case):
    put_in_order(case.query)
    if case.operation.path.endswith("/performance"):
        shorten(case.query)
    if "cursor" in case.query:
        follow_a_page(case)


def make_body_hold(body):
    put_in_order(body)
    # The countries that ISO and the zones that IANA know are lists that grow.
    if "country" in body:
        body["country"] = "US"
    # Which characters nobody sees is Unicode's to say: a device id holds none.
    if isinstance(body.get("devices"), dict):
        body["devices"] = {f"device-{number}": entry for number, entry in enumerate(body["devices"].values())}
    # Numbering plans grow too.
    for holder in [body, *(body.get("devices") or {}).values()]:
        if isinstance(holder, dict) and "phone" in holder:
            holder["phone"] = "+14155550123"
    if "timeZone" in body:
        body["timeZone"] = "America/Los_Angeles"
    # Nobody has agreed to anything in the future.
    for consents in (body.get("consents") or {}).values():
        for consent in consents.values():
            consent["at"] = PAST
    # A detail's keys come in any letter case, which no schema can say.
    if "detail" in body:
        body["detail"] = DETAIL


def put_in_order(fields):
    """`from` comes before `to`: no keyword compares two fields."""
    if isinstance(fields.get("from"), str) and isinstance(fields.get("to"), str):
        one, other = moment(fields["from"]), moment(fields["to"])
        if one == other:
            del fields["to"]
        elif one > other:
            fields["from"], fields["to"] = fields["to"], fields["from"]


def shorten(fields):
    """Figures are told of a year at most, up to today where no end is named."""
    if "from" in fields and "to" in fields:
        fields["from"] = fields["to"]
    else:
        fields.pop("from", None)


def follow_a_page(case):
    """A cursor is signed and belongs to one query: it comes from the same query's first page, or there is none."""
    del case.query["cursor"]
    address = os.environ["CONFORMANCE_API_URL"] + case.formatted_path
    first = requests.get(address, params={**case.query, "limit": 1}, headers=case.headers, timeout=TIMEOUT_SECONDS)
    following = first.json().get("next") if first.ok else None
    if following:
        case.query["cursor"] = following


def moment(text):
    return datetime.fromisoformat(text.upper().replace("Z", "+00:00")).timestamp()
