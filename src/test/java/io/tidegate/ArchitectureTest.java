package io.tidegate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.tidegate.connection.PlainStage;
import java.util.concurrent.CompletionStage;

/** Who may know whom. The picture is in {@code docs/architecture.md}. */
@AnalyzeClasses(packages = "io.tidegate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule dependenciesPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("kernel")
            .definedBy("io.tidegate.kernel..")
            .layer("settings")
            .definedBy("io.tidegate.settings..")
            .layer("document")
            .definedBy("io.tidegate.document..")
            .layer("wire")
            .definedBy("io.tidegate.wire..")
            .layer("websocket")
            .definedBy("io.tidegate.websocket..")
            .layer("feed")
            .definedBy("io.tidegate.feed..")
            .layer("rocksdb")
            .definedBy("io.tidegate.rocksdb..")
            .layer("client")
            .definedBy("io.tidegate.client..")
            .layer("ledger")
            .definedBy("io.tidegate.ledger..")
            .layer("connection")
            .definedBy("io.tidegate.connection..")
            .layer("http")
            .definedBy("io.tidegate.http..")
            .layer("listener")
            .definedBy("io.tidegate.listener..")
            .layer("metrics")
            .definedBy("io.tidegate.metrics..")
            .layer("drain")
            .definedBy("io.tidegate.drain..")
            .layer("admin")
            .definedBy("io.tidegate.admin..")
            .layer("server")
            .definedBy("io.tidegate.server..")
            .layer("cli")
            .definedBy("io.tidegate.cli..")
            .whereLayer("kernel")
            .mayNotAccessAnyLayer()
            .whereLayer("settings")
            .mayNotAccessAnyLayer()
            .whereLayer("document")
            .mayNotAccessAnyLayer()
            .whereLayer("ledger")
            .mayNotAccessAnyLayer()
            .whereLayer("wire")
            .mayOnlyAccessLayers("document")
            .whereLayer("client")
            .mayOnlyAccessLayers("document")
            .whereLayer("websocket")
            .mayOnlyAccessLayers("wire", "document", "settings")
            .whereLayer("feed")
            .mayOnlyAccessLayers("document", "settings")
            .whereLayer("rocksdb")
            .mayOnlyAccessLayers("feed", "document", "settings")
            .whereLayer("connection")
            .mayOnlyAccessLayers("ledger", "wire", "feed", "document", "kernel", "settings")
            .whereLayer("http")
            .mayOnlyAccessLayers("connection", "websocket", "ledger", "wire", "feed", "document", "settings")
            .whereLayer("listener")
            .mayOnlyAccessLayers("connection", "ledger", "document", "kernel", "settings")
            .whereLayer("metrics")
            .mayOnlyAccessLayers("ledger", "feed")
            .whereLayer("drain")
            .mayOnlyAccessLayers("listener", "connection", "ledger", "feed", "document", "settings")
            .whereLayer("admin")
            .mayOnlyAccessLayers(
                    "drain",
                    "metrics",
                    "http",
                    "listener",
                    "connection",
                    "ledger",
                    "feed",
                    "wire",
                    "document",
                    "settings")
            .whereLayer("server")
            .mayOnlyAccessLayers(
                    "admin",
                    "drain",
                    "listener",
                    "http",
                    "connection",
                    "ledger",
                    "rocksdb",
                    "wire",
                    "feed",
                    "document",
                    "metrics",
                    "settings")
            .whereLayer("cli")
            .mayOnlyAccessLayers("server", "admin", "drain", "client", "document");

    @ArchTest
    static final ArchRule noPackagesKnowEachOtherInACircle =
            slices().matching("io.tidegate.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule wireAndFeedMeetInSessionsAndInTheServerOnly = noClasses()
            .that()
            .resideInAPackage("io.tidegate.wire..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tidegate.feed..");

    @ArchTest
    static final ArchRule onlyTheStoreKnowsRocksDb = noClasses()
            .that()
            .resideOutsideOfPackage("io.tidegate.rocksdb..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.rocksdb..");

    @ArchTest
    static final ArchRule onlyMetricsKnowPrometheus = noClasses()
            .that()
            .resideOutsideOfPackage("io.tidegate.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.prometheus..");

    /** Programs that embed the server leave these out. */
    @ArchTest
    static final ArchRule onlyTheCommandLineNeedsItsLibraries = noClasses()
            .that()
            .resideOutsideOfPackage("io.tidegate.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "ch.qos.logback..", "org.HdrHistogram..");

    @ArchTest
    static final ArchRule settingsAreReadBySectionsThatKnowTheirRanges = noClasses()
            .that()
            .resideOutsideOfPackages("io.tidegate.settings..", "io.tidegate.server..", "io.tidegate.cli..")
            .and()
            .doNotHaveSimpleName("HttpLayer") // It sets Akka's parser.
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
