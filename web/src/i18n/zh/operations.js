// Chinese translations of the sentences in `/_emulator/operations`. API names are not translated.

/** @type {Readonly<Record<string, string>>} */
export const sentences = {
  // Alibaba Cloud KMS
  'Reads the values of up to 20 secrets.': '读取最多 20 个凭据的凭据值。',
  'Returns the endpoint of a service in a region: the address of this server.':
    '返回服务在某地域的接入点：本服务器的地址。',
  'The region.': '地域。',
  'The service: `kms` or `sts`. Other services have no endpoint here.': '服务：`kms` 或 `sts`。其他服务在这里没有接入点。',
  'The type of the endpoint, which the reply repeats; `openAPI` by default.':
    '接入点类型，响应中会原样返回，默认 `openAPI`。',
  'Issues a temporary access key for a role.': '为角色签发临时 AccessKey。',
  'Exchanges a token of OpenID Connect for a temporary access key. Needs no signature.':
    '用 OIDC 令牌换取临时 AccessKey，无需签名。',
  'Returns the account and the identity of the access key.': '返回 AccessKey 所属的账号和身份。',
  'The role. The account has 16 digits; the role need not exist.': '角色。账号为 16 位数字，角色无需存在。',
  "The name of the session, part of the caller's identity.": '会话名称，是调用者身份的一部分。',
  'The lifetime of the key.': '密钥的有效期。',
  'A policy of at most 2,048 characters that restricts the key. It is checked, but has no effect.':
    '限制密钥权限的策略，最多 2,048 个字符。只检查格式，没有效果。',
  "An id that the role's trust policy may require. Roles have no trust policies here.":
    '角色信任策略可能要求的外部 ID。这里的角色没有信任策略。',
  'The identity of the caller, which the reply repeats.': '调用者的身份，响应中会原样返回。',
  'The identity provider. It need not exist.': '身份提供商，无需存在。',
  'The token of the identity provider.': '身份提供商的令牌。',
  'Creates a secret with its first version.': '创建凭据及其第一个版本。',
  'Deletes a secret, at once or after a recovery window.': '删除凭据，立即删除或在恢复窗口期之后删除。',
  'Returns whether the account can use the service. It always can.': '返回账号是否可以使用此服务：总是可以。',
  'Lists the regions.': '查询地域列表。',
  'Describes a secret, without its values.': '查询凭据的元数据，不含凭据值。',
  'Generates a random password.': '生成随机口令。',
  'Reads the policy of a secret.': '查询凭据策略。',
  'Reads the value of a secret.': '读取凭据值。',
  'Lists the tags of a key. The emulator has no keys.': '查询密钥的标签。模拟器没有密钥。',
  'Lists the versions of a secret, without their values.': '查询凭据的版本列表，不含凭据值。',
  'Lists the secrets of the account in the region, page by page.': '分页查询账号在此地域的凭据。',
  'Lists the tags of secrets.': '查询凭据的标签。',
  'Activates the service. It is active in every account.': '开通服务；每个账号都已开通。',
  'Stores a new version of a secret.': '存入新版本的凭据值。',
  'Restores a secret that is pending deletion.': '恢复计划删除的凭据。',
  'Replaces the credentials of a managed secret.': '立即轮转托管凭据。',
  'Sets the policy of a secret.': '设置凭据策略。',
  'Adds tags to a secret.': '为凭据绑定标签。',
  'Adds tags to secrets.': '为多个凭据绑定标签。',
  'Removes tags from a secret.': '为凭据解绑标签。',
  'Removes tags from secrets.': '为多个凭据解绑标签。',
  'Changes the description of a secret, or the custom data of a managed one.':
    '修改凭据的描述，或托管凭据的自定义数据。',
  'Enables or disables the automatic rotation of a managed secret.': '开启或关闭托管凭据的自动轮转。',
  'Moves a stage to another version, or removes it.': '将版本状态移到另一个版本，或将其删除。',
  'Managed types only: the `SecretSubType`, the resource (`DBInstanceId`, `InstanceId`, `UserName`, …), the accounts to create for `$Auto`, and `CustomData` of at most 10 pairs.':
    '仅用于托管类型：`SecretSubType`、凭据所属的资源（`DBInstanceId`、`InstanceId`、`UserName` 等）、`$Auto` 时要创建的账号，以及最多 10 个键值对的 `CustomData`。',
  'Objects with a `SecretName` and, optionally, `VersionId`, `VersionStage` and `FetchExtendedConfig`.':
    '由 `SecretName` 以及可选的 `VersionId`、`VersionStage`、`FetchExtendedConfig` 组成的对象。',
  'The name of the new secret: `$Auto` for RAMCredentials; for ECS it begins with `acs/ecs/`, for the other types not with `acs/`.':
    '新凭据的名称：RAMCredentials 使用 `$Auto`；ECS 以 `acs/ecs/` 开头；其他类型不能以 `acs/` 开头。',
  'The id of the new version, unique in the secret.': '新版本的版本号，在凭据内唯一。',
  'The value.': '凭据值。',
  'The type of the value. The value is returned as it was sent.': '凭据值的类型。凭据值原样返回。',
  'The description of the secret.': '凭据的描述。',
  'What the secret is for.': '凭据的用途。',
  'The key that encrypts the secret. The id is stored, but nothing is encrypted.':
    '用于加密凭据的密钥。只会记录，不会真正加密。',
  'Objects with a `TagKey` and a `TagValue`.': '由 `TagKey` 和 `TagValue` 组成的对象。',
  'The type of the secret.': '凭据的类型。',
  'Whether the service rotates the secret automatically. For managed secrets only.': '是否由服务自动轮转凭据。仅用于托管凭据。',
  'The time from one rotation to the next. Required with automatic rotation, otherwise ignored.': '两次轮转之间的时间间隔。开启自动轮转时必填，未开启时忽略。',
  'The KMS instance of the secret.': '凭据所属的 KMS 实例。',
  'The policy of the secret, as JSON of at most 32,768 bytes. It applies only to other accounts.':
    '凭据策略，为最多 32,768 字节的 JSON。仅用于判断其他账号的权限。',
  'Whether to delete the secret at once.': '是否立即删除凭据，不可恢复。',
  'The number of days in which the secret can be restored. Ignored with `ForceDeleteWithoutRecovery`.': '凭据可以恢复的天数。指定 `ForceDeleteWithoutRecovery` 时忽略。',
  'The number of characters.': '字符数。',
  'Characters that must not occur.': '不能出现的字符。',
  'Whether `a` to `z` must not occur.': '是否不能出现 `a` 到 `z`。',
  'Whether `A` to `Z` must not occur.': '是否不能出现 `A` 到 `Z`。',
  'Whether `0` to `9` must not occur.': '是否不能出现 `0` 到 `9`。',
  'Whether the other printable characters must not occur.': '是否不能出现其他可打印字符。',
  'Whether the password has at least one character of each type.': '每种字符是否至少出现一个。',
  'The version to read. Managed secrets ignore it.': '要读取的版本。托管凭据忽略此参数。',
  'The stage of the version to read. The default is `ACSCurrent` if there is no `VersionId`.':
    '要读取的版本的版本状态：未指定版本时为 `ACSCurrent`。',
  'Whether to return the configuration of a managed secret.': '是否同时返回托管凭据的拓展配置。',
  'Whether only to check the request. The result is returned as an error.': '是否仅检查请求。结果以错误返回。',
  'The attestation of an enclave. Not supported.': '机密计算环境的证明文档。不支持。',
  'Whether to also list versions without a stage.': '是否同时返回没有版本状态的版本。',
  'The number of versions on a page.': '每页的版本数。',
  'Whether to return the tags of each secret: `true` or `false`.':
    '是否返回每个凭据的标签：`true` 或 `false`。',
  'Objects with a `Key` and its `Values`. A secret is listed if it has one of the values of every key.':
    '由 `Key` 和 `Values` 组成的对象。凭据对每个键都有其中任一值时才会列出。',
  'The page to return, counted from 1.': '要返回的页码，从 1 开始。',
  'The number of secrets on a page.': '每页的凭据数。',
  'The token of the next page, from the previous reply.': '下一页的凭证，取自上一次响应。',
  'The stages of the version; the default is `ACSCurrent`. A list, or an object with the list in `VersionStage`.':
    '版本的版本状态；默认为 `ACSCurrent`。为列表，或在 `VersionStage` 中包含列表的对象。',
  'The name of the policy. There is only one.': '策略的名称。只有一个。',
  'The policy, as JSON of at most 32,768 bytes. It applies only to other accounts.':
    '策略，为最多 32,768 字节的 JSON。仅用于判断其他账号的权限。',
  'The name of the secret.': '凭据的名称。',
  'The id of a key. The emulator has no keys.': '密钥的 ID。模拟器没有密钥。',
  'The id of a certificate. The emulator has no certificates.': '证书的 ID。模拟器没有证书。',
  'The region. Ignored: the endpoint determines the region.': '地域。忽略此参数：地域由接入点决定。',
  'The type of the resources. The emulator has no keys.': '资源的类型。模拟器没有密钥。',
  'The names of the secrets.': '凭据的名称。',
  'The tags.': '标签。',
  'The keys, as a JSON list or separated by commas.': '标签键，为 JSON 列表，或以逗号分隔。',
  'The keys to remove.': '要解绑的标签键。',
  'Whether to remove all tags. Ignored if `TagKey` is present.': '是否解绑全部标签。指定了 `TagKey` 时忽略。',
  'The custom data of a managed secret, as a JSON object or as `ExtendedConfig.CustomData.<key>`.':
    '托管凭据的自定义数据，为 JSON 对象，或写作 `ExtendedConfig.CustomData.<key>`。',
  'The stage.': '版本状态。',
  'The version that currently has the stage.': '当前带有此版本状态的版本。',
  'The version to move the stage to. Required for `ACSCurrent` and `ACSPrevious`.':
    '将要带有此版本状态的版本。`ACSCurrent` 和 `ACSPrevious` 必须指定。',
  'The name or the ARN of the secret.': '凭据的名称或 ARN。',
  'a number and `d`, `h`, `m` or `s`: 6 hours to 8,760 hours':
    '数字加上 `d`、`h`、`m` 或 `s`，从 6 小时到 8,760 小时',
  'the `NextToken` of the previous reply': '上一次响应中的 `NextToken`',
  'a name, or `acs:kms:<region>:<account>:secret/<name>`':
    '名称，或 `acs:kms:<region>:<account>:secret/<name>`',
  'in any letter case, Generic, Rds, Redis, RAMCredentials, ECS, PolarDB':
    'Generic、Rds、Redis、RAMCredentials、ECS、PolarDB，不区分大小写',
  '1 to 192 ASCII letters, digits and `_/+=.@-$`': '1 到 192 个 ASCII 字母、数字和 `_/+=.@-$`',
  '1 to 256 ASCII letters, digits, spaces and `/\\_-.+=:@`': '1 到 256 个 ASCII 字母、数字、空格和 `/\\_-.+=:@`',
  '1 to 128 ASCII letters, digits, spaces and `/\\_-.+=:@`': '1 到 128 个 ASCII 字母、数字、空格和 `/\\_-.+=:@`',
  '1 to 64 characters': '1 到 64 个字符',
  '1 to 128 characters': '1 到 128 个字符',
  '1 to 192 characters': '1 到 192 个字符',
  '1 to 256 characters': '1 到 256 个字符',
  '1 to 30720 bytes': '1 到 30720 字节',
  '1 to 65536 bytes': '1 到 65536 字节',
  '1 to 95 ASCII letters, digits, spaces and `!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~`':
    '1 到 95 个 ASCII 字母、数字、空格和 `!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~`',

  // Tencent Cloud SSM
  'Deletes a disabled secret, at once or after a recovery window.': '删除已禁用的凭据，立即删除或在恢复窗口期之后删除。',
  'Deletes a version of a secret, even the last one.': '删除凭据的一个版本，最后一个版本也可以删除。',
  'Describes a secret.': '查询凭据的详细信息。',
  'Lists the cloud products for which the service manages secrets.': '查询支持托管凭据的云产品。',
  'Disables a secret.': '禁用凭据。',
  'Enables a secret.': '启用凭据。',
  'Lists the regions of the service.': '查询此服务的地域。',
  'Reads the value of a version.': '读取一个版本的凭据值。',
  'Returns whether the account can use the service.': '查询账号是否可以使用此服务。',
  'Lists the versions of a secret.': '查询凭据的版本列表。',
  'Lists the secrets of the account in the region.': '查询账号在此地域的凭据。',
  'Restores a secret that is pending deletion; it is disabled afterwards.': '恢复计划删除的凭据；恢复后处于禁用状态。',
  'Changes the description of a secret.': '修改凭据的描述。',
  'Overwrites the value of a version.': '覆盖一个版本的凭据值。',
  'The id of the first version; `SSM_Current` by default.':
    '第一个版本的版本号；未指定时为 `SSM_Current`。',
  '0: a custom secret. The other types belong to cloud products.': '0：用户自定义凭据。其他类型属于云产品。',
  'Additional configuration, as JSON. It is stored and has no effect.': '凭据的附加配置，为 JSON。会保存，但不起作用。',
  'The HSM cluster of the key. Ignored.': '密钥所在的 HSM 集群。忽略此参数。',
  '0: encrypted with a KMS key; 1: with a software key.': '0：使用 KMS 密钥加密；1：使用软件密钥加密。',
  'The number of days in which the secret can be restored; 0 deletes it at once.': '凭据可以恢复的天数；0：立即删除。',
  'Whether to delete an SSH key pair from CVM too. Ignored.': '是否同时从 CVM 删除 SSH 密钥对。忽略此参数。',
  'How secrets of cloud products are deleted. Ignored.': '云产品凭据的删除方式。忽略此参数。',
  'The id of the version. An empty id reads the version `SSM_Current`, if there is one.':
    '版本号。为空时读取版本 `SSM_Current`，前提是存在此版本。',
  'The public key to encrypt the reply with; not supported.': '用于加密响应的公钥；不支持。',
  'The algorithm to encrypt the reply with; not supported.': '加密响应的算法；不支持。',
  'The number of secrets to skip.': '要跳过的凭据数。',
  'The maximum number of secrets to return; 0 means 20. `--tencent-max-limit` sets the maximum.':
    '最多返回的凭据数；0 表示 20。最大值由 `--tencent-max-limit` 设置。',
  'The order by creation time: 0 newest first, 1 oldest first.': '按创建时间排序：0 为最新的在前，1 为最早的在前。',
  '0 all, 1 enabled, 2 disabled, 3 pending deletion, 4 creating, 5 creation failed.':
    '0 为全部，1 为已启用，2 为已禁用，3 为待删除，4 为创建中，5 为创建失败。',
  'Only secrets whose name contains this text; case-sensitive.': '仅名称中包含此文本的凭据，区分大小写。',
  'Objects with a `TagKey` and up to 10 values in `TagValue`. A secret must have every key with one of its values; a key without values matches any value.':
    '由 `TagKey` 及其最多 10 个值组成的对象。凭据对每个键都有其中任一值时才会列出；未指定值时，任何值都可以。',
  '0 custom secrets, 1 databases, 2 SSH key pairs, 3 API keys, 4 Redis.':
    '0 为用户自定义凭据，1 为数据库凭据，2 为 SSH 密钥对，3 为 API 密钥，4 为 Redis 凭据。',
  'Names of cloud products, separated by commas; only for `SecretType` 1.': '云产品的名称，以逗号分隔；仅用于 `SecretType` 1。',
  'The id of the instance that the secret belongs to.': '凭据所属实例的 ID。',
  'The value in Base64; up to 32768 bytes (`--tencent-max-value-bytes`). Either this or `SecretString`.':
    '凭据值，为 Base64；最多 32768 字节（`--tencent-max-value-bytes`）。与 `SecretString` 二选一。',
  'The value as text; up to 32768 bytes (`--tencent-max-value-bytes`). Either this or `SecretBinary`.':
    '凭据值，为文本；最多 32768 字节（`--tencent-max-value-bytes`）。与 `SecretBinary` 二选一。',
  'The new description; may be empty.': '新的描述；可以为空。',
  'The name of the secret, unique in its region.': '凭据的名称，在地域内唯一。',
  'The id of the version, unique in the secret.': '版本号，在凭据内唯一。',
  'Objects with a `TagKey` of 1 to 127 characters and a `TagValue` of 1 to 255, without spaces at either end; each key once. Keys that begin with `qcs:`, `project` or `项目` are reserved.':
    '由 `TagKey` 和 `TagValue` 组成的对象：分别为 1 到 127 个和 1 到 255 个字符，首尾不能有空格，每个键只能出现一次；以 `qcs:`、`project` 或 `项目` 开头的键为保留键。',
  '1 to 128 ASCII letters, digits and `_-`, a letter or digit first':
    '1 到 128 个 ASCII 字母、数字和 `_-`，以字母或数字开头',
  '1 to 64 ASCII letters, digits and `_.-`, a letter or digit first':
    '1 到 64 个 ASCII 字母、数字和 `_.-`，以字母或数字开头',
  'up to 128 bytes': '最多 128 字节',
  'up to 2048 bytes': '最多 2048 字节',
  'up to 4096 bytes': '最多 4096 字节',

  // Where operations differ from the real ones
  'A fixed list of regions, and the default region.': '固定的地域列表，加上默认地域。',
  'Always `Enabled`.': '总是 `Enabled`。',
  'Always `Forbidden.Opened`.': '总是 `Forbidden.Opened`。',
  'The service is always enabled.': '此服务总是可用。',
  'There are no quotas. The encryption key need not exist. Managed types need no real account.':
    '不计配额。不检查所指定的密钥是否存在。托管类型不需要真实的账号。',
  'Replies cannot be encrypted.': '返回结果无法加密。',
  'The new credentials change no database, user or machine. There is no limit of 50 rotations per hour. New SSH keys are Ed25519.':
    '不会通知任何数据库、用户或机器；不限制为每小时 50 次。新的 SSH 密钥为 Ed25519。',
  'Rotation creates new credentials, but changes no database, user or machine.':
    '轮转会生成新的凭据值，但不会通知数据库、用户或机器。',
  'Secrets of cloud products cannot be created. The KMS key need not exist.':
    '无法创建云产品凭据。不检查所指定的密钥是否存在。',
  '`--tencent-region` sets the list.': '列表由 `--tencent-region` 设置。',
  'The emulator has no keys and certificates.': '模拟器没有密钥和证书。',
  'The emulator has no keys. `RegionId` is optional and ignored.':
    '模拟器没有密钥。`RegionId` 可以省略，且被忽略。',
  'The emulator has no keys: the reply is always `Forbidden.KeyNotFound`.': '没有密钥：总是 `Forbidden.KeyNotFound`。',
  'A secret that was created without `EncryptionKeyId` has none in the reply.': '没有指定 `EncryptionKeyId` 的凭据不返回此项。',
  'Works without a KMS instance.': '无需 KMS 实例即可使用。',
  'Works without a KMS instance. Only other accounts need a policy that allows their requests.': '无需 KMS 实例即可使用。仅其他账号的请求需要策略允许。',
  '`AccountInfoList` is always empty.': '`AccountInfoList` 总是为空。',
  '`FlowID` is always 0.': '`FlowID` 总是 0。',
  '`PlannedDeleteTime` is always in seconds and UTC.': '`PlannedDeleteTime` 总是精确到秒，使用 UTC。',
  'A request with `Recipient` returns `UnsupportedOperation`.': '使用 `Recipient` 会返回 `UnsupportedOperation`。',
};
