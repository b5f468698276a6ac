package io.github.kmsemulator.junit5;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** The extension of {@link KmsEmulator}. */
public final class KmsEmulatorExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(KmsEmulatorExtension.class);

    private static final Map<Class<?>, Function<ExtensionContext, Object>> PARAMETERS = Map.of(
            Emulator.class, KmsEmulatorExtension::emulator,
            Tenant.class, KmsEmulatorExtension::tenant,
            Faults.class, context -> tenant(context).faults(),
            Clock.class, context -> tenant(context).clock(),
            Journal.class, context -> tenant(context).journal());

    /** JUnit creates the extension. */
    public KmsEmulatorExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        emulator(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        emulator(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return PARAMETERS.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return PARAMETERS.get(parameter.getParameter().getType()).apply(context);
    }

    /** Returns the server with the attributes of the annotation, which all classes share. */
    private static Emulator emulator(ExtensionContext context) {
        var builder = builder(annotation(context));
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(builder.key(), key -> new Closing(builder.start()), Closing.class)
                .resource(Emulator.class);
    }

    /** Returns the tenant of a test. The namespace has the id of the test, because a store also has its parent's values. */
    private static Tenant tenant(ExtensionContext context) {
        return context.getStore(NAMESPACE.append(context.getUniqueId()))
                .getOrComputeIfAbsent(
                        Tenant.class, key -> new Closing(emulator(context).createTenant()), Closing.class)
                .resource(Tenant.class);
    }

    private static KmsEmulator annotation(ExtensionContext context) {
        for (var current = Optional.of(context); current.isPresent(); current = current.get().getParent()) {
            var found = AnnotationSupport.findAnnotation(current.get().getElement(), KmsEmulator.class);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new ExtensionConfigurationException("the class or the method must have the annotation @KmsEmulator");
    }

    private static Emulator.Builder builder(KmsEmulator annotation) {
        var builder = Emulator.builder().args(annotation.args());
        builder.fixtures(Arrays.stream(annotation.fixtures()).map(Path::of).collect(Collectors.toList()));
        if (!annotation.binary().isEmpty()) {
            builder.binary(Path.of(annotation.binary()));
        }
        if (!annotation.image().isEmpty()) {
            builder.image(annotation.image());
        }
        return builder;
    }

    /** Closes a value of a store: JUnit before 5.13 supports only CloseableResource; later versions prefer AutoCloseable. */
    @SuppressWarnings({"deprecation", "try"})
    private static final class Closing implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        private final AutoCloseable resource;

        Closing(AutoCloseable resource) {
            this.resource = resource;
        }

        <T> T resource(Class<T> type) {
            return type.cast(resource);
        }

        @Override
        public void close() throws Exception {
            resource.close();
        }
    }
}
