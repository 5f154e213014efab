package io.sfumato.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The arrows between modules and rooms, and what no code of the house may do. */
@AnalyzeClasses(packages = "io.sfumato", importOptions = {ImportOption.DoNotIncludeTests.class})
class ArchitectureTest {
  private static final String HOUSE = "io.sfumato..";

  @ArchTest
  static final ArchRule datasetsImportNoOtherModule = reach("io.sfumato.datasets..");

  @ArchTest
  static final ArchRule encodersImportNoOtherModule = reach("io.sfumato.encoders..");

  @ArchTest
  static final ArchRule privacyImportsEncoders = reach("io.sfumato.privacy..", "io.sfumato.encoders..");

  @ArchTest
  static final ArchRule fusionImportsWhatIsAboveIt = reach("io.sfumato.fusion..", "io.sfumato.datasets..",
      "io.sfumato.encoders..", "io.sfumato.privacy..");

  @ArchTest
  static final ArchRule pairsAreTunedWithoutInteractions = noClasses().that()
      .resideInAnyPackage("io.sfumato.fusion.pairs..", "io.sfumato.fusion.tuning..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.sfumato.fusion.training..", "io.sfumato.fusion.user..",
          "io.sfumato.fusion.classification..");

  @ArchTest
  static final ArchRule tuningKnowsNoneWhoTune = noClasses().that()
      .resideInAPackage("io.sfumato.fusion.tuning..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.sfumato.fusion.pairs..");

  @ArchTest
  static final ArchRule evaluationStandsAlone = reach("io.sfumato.recommend.evaluation..", "io.sfumato.datasets..")
      .as("evaluation can be used alone, with any recommender's rankings");

  @ArchTest
  static final ArchRule collaborativeModelsKnowNothingOfServing = noClasses().that()
      .resideInAPackage("io.sfumato.recommend.collaborative..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.sfumato.recommend.cli..", "io.sfumato.recommend.bundle..",
          "io.sfumato.recommend.retrieval..", "io.sfumato.recommend.training..");

  @ArchTest
  static final ArchRule classificationKnowsNothingOfPeople = noClasses().that()
      .resideInAPackage("io.sfumato.fusion.classification..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.sfumato.fusion.user..", "io.sfumato.fusion.objective..");

  @ArchTest
  static final ArchRule onlyTheCommandLineImportsClassification = noClasses().that()
      .resideOutsideOfPackages("io.sfumato.fusion.classification..", "io.sfumato.recommend.cli..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.sfumato.fusion.classification..")
      .as("recommending and measuring stand without the classifier");

  @ArchTest
  static final ArchRule nothingImportsTheCommandLine = noClasses().that()
      .resideOutsideOfPackage("io.sfumato.recommend.cli..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.sfumato.recommend.cli..");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsPicocli = noClasses().that()
      .resideOutsideOfPackage("io.sfumato.recommend.cli..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("picocli..", "me.tongfei..");

  @ArchTest
  static final ArchRule onlyTheServiceKnowsTheWebServer = noClasses().that()
      .resideOutsideOfPackage("io.sfumato.recommend.service..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.helidon..");

  @ArchTest
  static final ArchRule onlyTheCommandLineImportsTheService = noClasses().that()
      .resideOutsideOfPackages("io.sfumato.recommend.service..", "io.sfumato.recommend.cli..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.sfumato.recommend.service..")
      .as("who embeds a recommender needs no web server");

  @ArchTest
  static final ArchRule theServiceTrainsNothing = noClasses().that()
      .resideInAPackage("io.sfumato.recommend.service..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.sfumato.recommend.training..", "io.sfumato.recommend.collaborative..",
          "io.sfumato.recommend.ranking..", "io.sfumato.recommend.audit..", "io.sfumato.encoders..");

  @ArchTest
  static final ArchRule onlyTheRuntimeKnowsTheEngine = noClasses().that()
      .resideOutsideOfPackage("io.sfumato.encoders.runtime..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("ai.djl.pytorch..");

  @ArchTest
  static final ArchRule noNumberIsLentToABackwardPass = noClasses().should()
      .callMethodWhere(keepsANumber())
      .because("DJL lends such a number to the engine in Java memory, which is free before the backward pass reads it:"
          + " Kernels.scaled and divided do not");

  @ArchTest
  static final ArchRule noValuesAreLentToABackwardPass = noClasses().that()
      .doNotHaveFullyQualifiedName("io.sfumato.encoders.runtime.EngineMemory")
      .should()
      .callMethodWhere(createsFromValues())
      .because(
          "what NDManager.create makes of values is Java memory that the engine borrows: Scope.floats and longs and"
              + " TensorRuntime.permanentFloats and permanentLongs copy");

  @ArchTest
  static final ArchRule accountingAndAuditStartNoEngine = noClasses().that()
      .resideInAnyPackage("io.sfumato.privacy.accounting..", "io.sfumato.privacy.audit..",
          "io.sfumato.privacy.report..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.sfumato.encoders..", "ai.djl..");

  @ArchTest
  static final ArchRule attacksKnowTheAccountantAlone = reach("io.sfumato.privacy.audit..",
      "io.sfumato.privacy.accounting..", "io.sfumato.privacy")
      .as("attacks can be used alone, on anything that can be scored");

  @ArchTest
  static final ArchRule reportsKnowWhatAuditsFound = reach("io.sfumato.privacy.report..",
      "io.sfumato.privacy.audit..", "io.sfumato.privacy.accounting..", "io.sfumato.privacy");

  @ArchTest
  static final ArchRule trainingKnowsNoAudit = noClasses().that()
      .resideInAnyPackage("io.sfumato.privacy.training..", "io.sfumato.privacy.accounting..", "io.sfumato.fusion..",
          "io.sfumato.recommend.training..", "io.sfumato.recommend.bundle..", "io.sfumato.recommend")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.sfumato.privacy.audit..", "io.sfumato.privacy.report..", "io.sfumato.recommend.audit..")
      .as("who is audited does not know the auditor");

  @ArchTest
  static final ArchRule onlyReportsKnowThePlots = noClasses().that()
      .resideOutsideOfPackage("io.sfumato.privacy.report..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.jetbrains.letsPlot..", "kotlin..");

  @ArchTest
  static final ArchRule evaluationAndCollaborativeStartNoEngine = noClasses().that()
      .resideInAnyPackage("io.sfumato.recommend.evaluation..", "io.sfumato.datasets..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule onlyRetrievalKnowsLucene = noClasses().that()
      .resideOutsideOfPackages("io.sfumato.recommend.retrieval..", "io.sfumato.recommend.bundle..",
          "io.sfumato.recommend")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("org.apache.lucene..");

  @ArchTest
  static final ArchRule onlyMetricsAndTheServiceKnowMicrometer = noClasses().that()
      .resideOutsideOfPackages("io.sfumato.recommend.metrics..", "io.sfumato.recommend.service..",
          "io.sfumato.recommend.cli..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.micrometer..")
      .as("a recommender can be embedded without a registry of meters");

  @ArchTest
  static final ArchRule metricsKnowTheRecommenderAlone = noClasses().that()
      .resideInAPackage("io.sfumato.recommend.metrics..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.sfumato.recommend.service..", "io.sfumato.recommend.cli..",
          "io.sfumato.recommend.training..", "io.sfumato.recommend.bundle..");

  @ArchTest
  static final ArchRule onlyTheBenchmarkKnowsItsPeer = noClasses().that()
      .doNotHaveFullyQualifiedName("io.sfumato.recommend.bench.JVectorPeer")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.github.jbellis..")
      .as("what is optional can be left out");

  @ArchTest
  static final ArchRule onlyDatasetsKnowDuckDb = noClasses().that()
      .resideOutsideOfPackage("io.sfumato.datasets..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.duckdb..", "java.sql..");

  @ArchTest
  static final ArchRule onlyTheCommandLinePrints = noClasses().that()
      .resideOutsideOfPackage("io.sfumato.recommend.cli..")
      .should()
      .accessField(System.class, "out")
      .orShould()
      .accessField(System.class, "err")
      .orShould()
      .callMethod(Throwable.class, "printStackTrace")
      .because("a library logs, and leaves stdout to whoever embeds it");

  @ArchTest
  static final ArchRule noRandomnessWithoutASeed = noClasses().should()
      .callConstructor(java.util.Random.class)
      .orShould()
      .callConstructor(java.util.SplittableRandom.class)
      .orShould()
      .callMethod(Math.class, "random")
      .orShould()
      .callMethodWhere(calls(java.util.concurrent.ThreadLocalRandom.class))
      .orShould()
      .callMethod(java.util.Collections.class, "shuffle", List.class)
      .because("all randomness comes from the configured seed, except the noise that protects people");

  @ArchTest
  static final ArchRule everyPackageIsNullMarked = classes().that()
      .resideInAPackage(HOUSE)
      .should(new ArchCondition<JavaClass>("be in a package that is @NullMarked") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
          JavaPackage room = type.getPackage();
          events.add(new SimpleConditionEvent(type, room.isAnnotatedWith(NullMarked.class),
              room.getName() + " has no package-info.java with @NullMarked"));
        }
      });

  /** The package imports, of this house, itself and these others alone. */
  private static ArchRule reach(String from, String... others) {
    DescribedPredicate<JavaClass> allowed = resideInAPackage(from).or(resideInAnyPackage(others));
    return noClasses().that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(resideInAPackage(HOUSE).and(not(allowed)))
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner) {
    return DescribedPredicate.describe("calls of " + owner.getSimpleName(),
        call -> call.getTargetOwner().isEquivalentTo(owner));
  }

  /** Operations of arrays with a number that their gradient reads. */
  private static DescribedPredicate<JavaCall<?>> keepsANumber() {
    Set<String> names = Set.of("mul", "muli", "div", "divi", "pow", "powi", "mod", "modi", "maximum", "minimum",
        "clip");
    return DescribedPredicate.describe("operations of NDArray that keep a Number",
        call -> call.getTargetOwner().getPackageName().equals("ai.djl.ndarray") && names.contains(call.getName())
            && call.getTarget().getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Number.class)));
  }

  private static DescribedPredicate<JavaCall<?>> createsFromValues() {
    return DescribedPredicate.describe("NDManager.create of values",
        call -> call.getTargetOwner().isAssignableTo(NDManager.class) && call.getName().equals("create")
            && isValue(call.getTarget().getRawParameterTypes().getFirst()));
  }

  private static boolean isValue(JavaClass type) {
    return type.isArray() || type.isPrimitive() || type.isEquivalentTo(Number.class);
  }
}
