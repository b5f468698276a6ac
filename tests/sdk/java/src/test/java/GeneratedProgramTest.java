import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiles and runs the programs that the emulator generates for the calls of generated_calls.json, without changes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GeneratedProgramTest {
    private static final Emulator SERVER = Emulator.STRICT;
    private static final Pattern CLASS = Pattern.compile("^class (\\w+) \\{$", Pattern.MULTILINE);
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency><groupId>(.*)</groupId><artifactId>(.*)</artifactId><version>(.*)</version></dependency>");
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private record Printed(int exit, String output, String errors) {}

    @ParameterizedTest
    @ValueSource(strings = {"alibaba", "tencent"})
    void every_program_prints_the_expected_reply(String cloud, @TempDir Path directory) throws Exception {
        var calls = JsonParser.parseString(Files.readString(Path.of("../generated_calls.json")))
                .getAsJsonObject()
                .getAsJsonArray(cloud);
        assertFalse(calls.isEmpty());
        try (var own = Tenant.of(SERVER)) {
            var programs = new ArrayList<Path>();
            for (var call : calls) {
                var folder = directory.resolve("program" + programs.size());
                programs.add(write(cloud, own, call.getAsJsonObject(), folder));
            }
            compile(programs);
            for (int i = 0; i < programs.size(); i++) {
                check(calls.get(i).getAsJsonObject(), run(own, programs.get(i)));
            }
        }
    }

    /** Writes the program for a call to a file, and returns its path. */
    private static Path write(String cloud, Tenant own, JsonObject call, Path directory) throws Exception {
        var request = new JsonObject();
        request.addProperty("cloud", cloud);
        request.add("action", call.get("action"));
        request.add("parameters", call.get("parameters"));
        request.addProperty("account", own.account());
        request.addProperty("send", false);
        var result = JsonParser.parseString(SERVER.control("POST", "call", request.toString())).getAsJsonObject();
        for (var element : result.getAsJsonArray("code")) {
            var code = element.getAsJsonObject();
            if (code.get("language").getAsString().equals("java")) {
                assertPinned(code.get("sdk").getAsString(), code.get("install").getAsString());
                var text = code.get("text").getAsString();
                var name = CLASS.matcher(text);
                assertTrue(name.find(), text);
                Files.createDirectory(directory);
                return Files.writeString(directory.resolve(name.group(1) + ".java"), text);
            }
        }
        throw new AssertionError("no program: " + call);
    }

    private static void assertPinned(String sdk, String install) throws Exception {
        var dependency = DEPENDENCY.matcher(install);
        assertTrue(dependency.matches(), install);
        assertEquals(sdk, dependency.group(1) + ":" + dependency.group(2));
        var pom = Files.readString(Path.of("pom.xml")).replaceAll(">\\s+<", "><");
        assertTrue(pom.contains(install), install);
    }

    /** Compiles each program separately, because several have a class of the same name. */
    private static void compile(List<Path> programs) throws Exception {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var errors = new StringWriter();
        // One file manager for all, so that the class path is read once.
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            for (var program : programs) {
                var options = List.of("-proc:none", "-cp", CLASS_PATH, "-d", program.getParent().toString());
                var units = files.getJavaFileObjects(program);
                assertTrue(compiler.getTask(errors, files, null, options, null, units).call(), () -> program + ": " + errors);
            }
        }
    }

    private static Printed run(Tenant own, Path program) throws Exception {
        var directory = program.getParent();
        var name = program.getFileName().toString().replace(".java", "");
        var errors = directory.resolve("errors").toFile();
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                        java, "-XX:TieredStopAtLevel=1", "-cp", directory + File.pathSeparator + CLASS_PATH, name)
                .redirectError(errors);
        builder.environment().put("ALIBABA_CLOUD_ACCESS_KEY_ID", own.id());
        builder.environment().put("ALIBABA_CLOUD_ACCESS_KEY_SECRET", own.secret());
        builder.environment().put("TENCENTCLOUD_SECRET_ID", own.id());
        builder.environment().put("TENCENTCLOUD_SECRET_KEY", own.secret());
        builder.environment().put("LC_ALL", "C.UTF-8"); // the encoding of its output
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Printed(process.waitFor(), output, Files.readString(errors.toPath()));
    }

    private static void check(JsonObject call, Printed printed) {
        var name = call.get("name").getAsString() + ": " + printed;
        if (call.has("error")) {
            var error = call.getAsJsonObject("error");
            assertEquals(1, printed.exit(), name);
            assertEquals("", printed.output(), name);
            assertTrue(printed.errors().startsWith(error.get("code").getAsString() + ": "), name);
            assertTrue(printed.errors().contains(error.get("message").getAsString()), name);
            return;
        }
        assertEquals(0, printed.exit(), name);
        assertEquals("", printed.errors(), name);
        var reply = JsonParser.parseString(printed.output()).getAsJsonObject();
        // A generic client prints the whole body.
        var members = reply.has("Response") ? reply.get("Response") : reply;
        assertContains(members, call.get("reply"), name);
    }

    private static void assertContains(JsonElement got, JsonElement want, String name) {
        if (want.isJsonObject()) {
            assertTrue(got != null && got.isJsonObject(), name);
            var members = got.getAsJsonObject();
            want.getAsJsonObject().asMap().forEach((key, value) -> assertContains(members.get(key), value, name));
        } else if (want.isJsonArray()) {
            assertTrue(got != null && got.isJsonArray(), name);
            assertEquals(want.getAsJsonArray().size(), got.getAsJsonArray().size(), name);
            for (int i = 0; i < want.getAsJsonArray().size(); i++) {
                assertContains(got.getAsJsonArray().get(i), want.getAsJsonArray().get(i), name);
            }
        } else {
            assertEquals(want, got, name);
        }
    }
}
