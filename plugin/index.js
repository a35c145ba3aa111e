require("./pulumi-resource-huaweicloud-sessions");
