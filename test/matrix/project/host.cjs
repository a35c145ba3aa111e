// The dynamic-provider host of the project's own @pulumi/pulumi.
require("@pulumi/pulumi/cmd/dynamic-provider");
