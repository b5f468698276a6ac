import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs shown to users are run as they are, but for the address. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SnippetTest {
    private static final Path SNIPPETS = Path.of("../../../src/snippets/java");

    @ParameterizedTest
    @ValueSource(strings = {"Kms20160120.java", "AliyunJavaSdkKms.java"})
    void prints_every_secret_name(String file, @TempDir Path directory) throws Exception {
        assertEquals(Emulator.NAMES, run(SNIPPETS.resolve("alibaba").resolve(file), directory));
    }

    @ParameterizedTest
    @ValueSource(strings = "TencentCloudSdkJava.java")
    void prints_every_secret_name_of_tencent(String file, @TempDir Path directory) throws Exception {
        assertEquals(TencentListSecretsTest.NAMES, run(SNIPPETS.resolve("tencent").resolve(file), directory));
    }

    private static List<String> run(Path snippet, Path directory) throws Exception {
        var file = snippet.getFileName().toString();
        var shown = Files.readString(snippet);
        var program = shown.replace("127.0.0.1:8080", Emulator.LENIENT.address());
        assertNotEquals(shown, program);
        Files.writeString(directory.resolve(file), program);

        var errors = directory.resolve("errors");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), file)
                .directory(directory.toFile())
                .redirectError(errors.toFile())
                .start();
        var output = new String(process.getInputStream().readAllBytes()).lines().toList();
        assertEquals(0, process.waitFor(), Files.readString(errors));
        return output;
    }
}
