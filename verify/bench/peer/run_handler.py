"""Runs the handler of Totogi's demo consumer over events, one invocation for each, as EventBridge calls it; tells how fast, and its writes."""

import contextlib
import json
import os
import sys
import time

import boto3

checkout, events_file = sys.argv[1:]
with open(events_file, encoding="utf8") as lines:
    events = [json.loads(line) for line in lines]

name = os.environ["DYNAMODB_TABLE"]
database = boto3.client("dynamodb")
database.create_table(
    TableName=name,
    AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    BillingMode="PAY_PER_REQUEST",
)

sys.path.insert(0, os.path.join(checkout, "src"))
import process_notifications  # noqa: E402

writes = 0


def count(**_):
    global writes
    writes += 1


process_notifications.table.meta.client.meta.events.register("before-call.dynamodb.PutItem", count)


def run(some):
    # It prints every event; where to does not matter here, that it does is part of its work.
    with open(os.devnull, "w", encoding="utf8") as nowhere, contextlib.redirect_stdout(nowhere):
        for event in some:
            process_notifications.handler(event, None)


half = len(events) // 2
run(events[:half])
writes = 0
started = time.perf_counter()
run(events[half:])
seconds = time.perf_counter() - started
database.delete_table(TableName=name)
print(json.dumps({"eventsPerSecond": (len(events) - half) / seconds, "writesPerEvent": writes / (len(events) - half)}))
