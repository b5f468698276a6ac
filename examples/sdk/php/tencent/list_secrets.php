<?php
require 'vendor/autoload.php';

use TencentCloud\Common\Credential;
use TencentCloud\Common\Profile\ClientProfile;
use TencentCloud\Common\Profile\HttpProfile;
use TencentCloud\Ssm\V20190923\Models\ListSecretsRequest;
use TencentCloud\Ssm\V20190923\SsmClient;

$http = new HttpProfile('http://', '127.0.0.1:8080');
$profile = new ClientProfile(null, $http);
$client = new SsmClient(new Credential('test', 'test'), 'ap-guangzhou', $profile);
foreach ($client->ListSecrets(new ListSecretsRequest())->SecretMetadatas as $secret) {
    echo $secret->SecretName, "\n";
}
