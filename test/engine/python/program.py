"""Runs one operation on the stack that the environment names, and prints what came of it as JSON."""

import json
import os
import sys

import pulumi
from pulumi import automation as auto


def program():
    args = json.loads(os.environ["ARGUMENTS"])
    cache = pulumi.CustomResource(
        "huaweicloud-sessions:index:WebCliSession", "cache", {**args["cache"], "clientId": None}
    )
    size = pulumi.CustomResource(
        "huaweicloud-sessions:index:WebCliCommand",
        "size",
        {
            "clientId": cache.clientId,
            "instanceId": args["cache"]["instanceId"],
            "create": "DBSIZE",
            "response": None,
        },
    )
    pulumi.CustomResource("huaweicloud-sessions:index:CasSession", "manager", args["manager"])
    pulumi.export("response", size.response)


stack = auto.select_stack(
    stack_name=os.environ["STACK"],
    project_name=os.environ["PROJECT"],
    program=program,
    opts=auto.LocalWorkspaceOptions(work_dir=os.getcwd()),
)
result = getattr(stack, sys.argv[1])()
outputs = {name: [output.value, output.secret] for name, output in getattr(result, "outputs", {}).items()}
print(json.dumps({"changes": result.summary.resource_changes, "outputs": outputs}))
