<?php
require 'vendor/autoload.php';

use AlibabaCloud\Client\AlibabaCloud;

AlibabaCloud::accessKeyClient('test', 'test')->regionId('cn-hangzhou')->asDefaultClient();
$reply = AlibabaCloud::rpc()
    ->product('Kms')->version('2016-01-20')->action('ListSecrets')
    ->scheme('http')->host('127.0.0.1:8080')
    ->options(['query' => ['FetchTags' => true]])
    ->request();
foreach ($reply['SecretList']['Secret'] as $secret) {
    echo $secret['SecretName'], "\n";
}
