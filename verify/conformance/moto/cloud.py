"""Uses moto's server as an account of AWS: reads a plan (JSON) from standard input, deploys the two stacks as the packager and the docs
do, puts events on the bus, and writes what it then finds there (JSON) to standard output."""

import json
import sys
from datetime import datetime

import boto3

plan = json.load(sys.stdin)


def client(service):
    return boto3.client(
        service, endpoint_url=plan["endpoint"], region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )


stacks, s3, lambdas, sqs, events, logs, tables = map(client, ["cloudformation", "s3", "lambda", "sqs", "events", "logs", "dynamodb"])


def status(name):
    stack = stacks.describe_stacks(StackName=name)["Stacks"][0]
    pages = stacks.get_paginator("list_stack_resources").paginate(StackName=name)
    resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
    return {
        "status": stack["StackStatus"],
        "outputs": {output["OutputKey"]: str(output["OutputValue"]) for output in stack.get("Outputs", [])},
        "resources": [{"id": one["LogicalResourceId"], "type": one["ResourceType"]} for one in resources],
    }


def parameters(values):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def deploy_bus():
    stacks.create_stack(StackName="bus", TemplateBody=plan["busTemplate"], Parameters=parameters(plan["busParameters"]))
    return status("bus")


def deploy_service():
    """First the bucket, then its contents, then everything."""
    stacks.create_stack(StackName="service", TemplateBody=plan["firstTemplate"])
    found = stacks.describe_stack_resource(StackName="service", LogicalResourceId="ServerlessDeploymentBucket")
    bucket = found["StackResourceDetail"]["PhysicalResourceId"]
    for key, file in plan["zips"].items():
        s3.upload_file(file, bucket, key)
    s3.put_object(Bucket=bucket, Key="template.json", Body=plan["serviceTemplate"].encode())
    stacks.update_stack(
        StackName="service",
        TemplateURL=f"https://s3.amazonaws.com/{bucket}/template.json",
        Parameters=parameters(plan["serviceParameters"]),
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    return status("service")


def stop_mappings():
    """moto would run the functions in Docker: what the mappings do is done by the harness."""
    mappings = lambdas.list_event_source_mappings()["EventSourceMappings"]
    for mapping in mappings:
        lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    return mappings


def put_events():
    failed = 0
    for start in range(0, len(plan["events"]), 10):
        batch = plan["events"][start : start + 10]
        entries = [{**entry, "Time": datetime.fromisoformat(entry["Time"]), "EventBusName": plan["busName"]} for entry in batch]
        failed += events.put_events(Entries=entries)["FailedEntryCount"]
    return failed


def take_all(url):
    messages = []
    while True:
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]).get("Messages", [])
        if not got:
            return messages
        messages += got


def queues():
    urls = sqs.list_queues().get("QueueUrls", [])
    return {url.split("/")[-1]: {"url": url, "attributes": attributes(url)} for url in urls}


def attributes(url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def logged(group):
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    return [event["message"] for page in pages for event in page["events"]]


def rules():
    found = events.list_rules(EventBusName=plan["busName"])["Rules"]
    return [
        {
            "name": rule["Name"],
            "pattern": json.loads(rule.get("EventPattern", "{}")),
            "targets": events.list_targets_by_rule(Rule=rule["Name"], EventBusName=plan["busName"])["Targets"],
        }
        for rule in found
    ]


seen = {"bus": deploy_bus(), "service": deploy_service(), "mappings": stop_mappings(), "rules": rules()}
seen["archives"] = events.list_archives()["Archives"]
seen["functions"] = [function for page in lambdas.get_paginator("list_functions").paginate() for function in page["Functions"]]
seen["table"] = tables.describe_table(TableName=plan["tableName"])["Table"]
seen["logGroups"] = [group for page in logs.get_paginator("describe_log_groups").paginate() for group in page["logGroups"]]
seen["rejectedEntries"] = put_events()
seen["queues"] = queues()
seen["messages"] = {name: take_all(queue["url"]) for name, queue in seen["queues"].items()}
seen["logged"] = logged(plan["logGroup"])
json.dump(seen, sys.stdout, default=str)
