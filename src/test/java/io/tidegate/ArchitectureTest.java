package io.tidegate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.tidegate.connection.PlainStage;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** Who may know whom, as {@code docs/architecture.md} says. */
@AnalyzeClasses(packages = "io.tidegate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.tidegate.";

    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\|.*\\|([^|]*)\\|");

    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    /** No less than the table says, and no more. */
    @ArchTest
    static void packagesKnowWhatTheTableSays(JavaClasses classes) throws IOException {
        Map<String, Set<String>> known = new TreeMap<>();
        for (JavaClass each : classes) {
            packageOf(each).ifPresent(from -> {
                Set<String> others = known.computeIfAbsent(from, name -> new TreeSet<>());
                each.getDirectDependenciesFromSelf()
                        .forEach(to -> packageOf(to.getTargetClass()).ifPresent(others::add));
                others.remove(from);
            });
        }

        assertThat(table()).as("the table of docs/architecture.md").isEqualTo(known);
    }

    private static Optional<String> packageOf(JavaClass each) {
        String name = each.getPackageName();
        return name.startsWith(ROOT) ? Optional.of(name.substring(ROOT.length()).split("\\.", 2)[0]) : Optional.empty();
    }

    private static Map<String, Set<String>> table() throws IOException {
        Map<String, Set<String>> table = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("docs/architecture.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> known = NAME.matcher(row.group(2))
                        .results()
                        .map(name -> name.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
                table.put(row.group(1), known);
            }
        }
        return table;
    }

    @ArchTest
    static final ArchRule noPackagesKnowEachOtherInACircle =
            slices().matching("io.tidegate.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheStoreKnowsRocksDb = only(Set.of("rocksdb"), "org.rocksdb..");

    @ArchTest
    static final ArchRule onlyTheSharedLogKnowsKafka = only(Set.of("kafka"), "org.apache.kafka..");

    @ArchTest
    static final ArchRule onlyTheSharedLogKnowsNats = only(Set.of("jetstream"), "io.nats..");

    @ArchTest
    static final ArchRule whoEncryptsIsInFewPlaces =
            only(Set.of("tls", "connection", "client", "cli"), "javax.net.ssl..");

    @ArchTest
    static final ArchRule theServerReadsCertificatesByWhatTheJdkHas = only(Set.of(), "org.bouncycastle..");

    @ArchTest
    static final ArchRule onlyMetricsKnowPrometheus = only(Set.of("metrics"), "io.prometheus..");

    @ArchTest
    static final ArchRule onlyTheListenerKnowsWhatIsInsideAkka = only(Set.of("listener"), "akka.stream.impl..");

    @ArchTest
    static final ArchRule whatIsSpokenAndKeptKnowsNoStreamsAndNoActors = noClasses()
            .that()
            .resideInAnyPackage(packages(Set.of(
                    "kernel",
                    "settings",
                    "access",
                    "audit",
                    "document",
                    "wire",
                    "websocket",
                    "feed",
                    "rocksdb",
                    "shared",
                    "kafka",
                    "jetstream",
                    "ledger",
                    "client",
                    "metrics",
                    "reload",
                    "tls")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("akka.actor..", "akka.stream..");

    @ArchTest
    static final ArchRule jsonIsReadAndWrittenInFewPlaces =
            only(Set.of("document", "wire", "access", "checkpoint", "client", "cli"), "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule onlyAccessKnowsJsonWebTokens = only(Set.of("access"), "com.nimbusds..");

    /** Programs have it without the server, and without what that needs. */
    @ArchTest
    static final ArchRule theClientNeedsNothingButAParserOfJson = classes()
            .that()
            .resideInAnyPackage(packages(Set.of("client", "document")))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.net.ssl..",
                    "com.fasterxml.jackson.core..",
                    "org.jspecify..",
                    "com.google.errorprone.annotations..",
                    ROOT + "client..",
                    ROOT + "document..");

    @ArchTest
    static final ArchRule nativeCodeIsCalledInFewPlaces = only(Set.of("kernel", "listener", "cli"), "com.sun.jna..");

    /** Programs that embed the server do not get these. */
    @ArchTest
    static final ArchRule onlyTheCommandLineNeedsItsLibraries =
            only(Set.of("cli"), "picocli..", "ch.qos.logback..", "org.HdrHistogram..");

    @ArchTest
    static final ArchRule onlyTheCommandLineWritesToTheTerminal = noClasses()
            .that()
            .resideOutsideOfPackages(packages(Set.of("cli")))
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule nobodyEndsTheProcessOfAProgramThatEmbedsTheServer = noClasses()
            .that()
            .resideOutsideOfPackages(packages(Set.of("cli", "drain")))
            .and()
            .doNotHaveFullyQualifiedName("io.tidegate.Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    /** An object that is read by Java's serialization runs code of its class before anybody has looked at it. */
    @ArchTest
    static final ArchRule nobodyReadsOrWritesSerializedObjects = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ObjectInput.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ObjectOutput.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Externalizable.class);

    /** Whose time it is, is said where a server is put together. */
    @ArchTest
    static final ArchRule whoLimitsTheTimeOfClientsIsGivenTheClock = noClasses()
            .that()
            .resideInAnyPackage(packages(Set.of("connection", "http", "listener", "drain", "admin")))
            .should()
            .callMethod(System.class, "nanoTime");

    @ArchTest
    static void everyPackageIsCheckedForNulls(JavaClasses classes) {
        assertThat(classes.stream().map(JavaClass::getPackage).distinct())
                .allMatch(each -> each.isAnnotatedWith(NullMarked.class), "is @NullMarked");
    }

    private static ArchRule only(Set<String> packages, String... libraries) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages(packages))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries);
    }

    private static String[] packages(Set<String> names) {
        return names.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
    }

    @ArchTest
    static final ArchRule settingsAreReadBySectionsThatKnowTheirRanges = noClasses()
            .that()
            .resideOutsideOfPackages("io.tidegate.settings..", "io.tidegate.server..", "io.tidegate.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.typesafe.config..");

    @ArchTest
    static final ArchRule whatAkkaPromisesIsMadePlainBeforeItIsComposed = classes()
            .that()
            .doNotBelongToAnyOf(PlainStage.class)
            .should(new ArchCondition<JavaClass>("hand the stages that Akka gives to PlainStage") {
                @Override
                public void check(JavaClass each, ConditionEvents events) {
                    for (JavaMethodCall call : each.getMethodCallsFromSelf()) {
                        if (isStageOfAkka(call.getTarget()) && !callsPlainStage(call.getOrigin())) {
                            events.add(SimpleConditionEvent.violated(each, call.getDescription()));
                        }
                    }
                }
            });

    private static boolean isStageOfAkka(AccessTarget.MethodCallTarget target) {
        return target.getOwner().getPackageName().startsWith("akka.")
                && target.getRawReturnType().isAssignableTo(CompletionStage.class);
    }

    private static boolean callsPlainStage(JavaCodeUnit caller) {
        return caller.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(PlainStage.class));
    }

    @ArchTest
    static final ArchRule packagesAreNamedByCapability = classes()
            .should()
            .resideOutsideOfPackages("..util..", "..common..", "..model..", "..impl..", "..actors..", "..helper..");
}
