import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the example programs with the address of the server under test. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExampleTest {
    private static final Path EXAMPLES = Path.of("../../../examples/sdk/java");
    private static final Pattern NAME = Pattern.compile("\"[sS]ecretName\": *\"([^\"]*)\"");

    @ParameterizedTest
    @ValueSource(strings = {"kms20160120", "aliyun_java_sdk_kms"})
    void prints_every_secret(String sdk, @TempDir Path directory) throws Exception {
        assertEquals(Emulator.NAMES, run(EXAMPLES.resolve("alibaba").resolve(sdk), directory));
    }

    @ParameterizedTest
    @ValueSource(strings = "tencentcloud_sdk_java")
    void prints_every_secret_of_tencent(String sdk, @TempDir Path directory) throws Exception {
        assertEquals(TencentListSecretsTest.NAMES, run(EXAMPLES.resolve("tencent").resolve(sdk), directory));
    }

    /** The names of the secrets that an example prints. */
    private static List<String> run(Path example, Path directory) throws Exception {
        var file = "ListSecrets.java";
        var committed = Files.readString(example.resolve(file));
        var program = committed.replace("127.0.0.1:8080", Emulator.LENIENT.address());
        assertNotEquals(committed, program);
        Files.writeString(directory.resolve(file), program);

        var errors = directory.resolve("errors");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), file)
                .directory(directory.toFile())
                .redirectError(errors.toFile())
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), Files.readString(errors));
        return NAME.matcher(output).results().map(result -> result.group(1)).toList();
    }
}
