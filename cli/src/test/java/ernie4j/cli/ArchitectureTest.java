package ernie4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The arrows in docs/architecture.md; this module sees all others but bench. */
@AnalyzeClasses(
    packages = "ernie4j",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
  /** Models for tests come from another module in a jar, once it is packaged. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule ARROWS_GO_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("ernie4j..")
          .layer("tokenizer")
          .definedBy("ernie4j.tokenizer..")
          .layer("engine")
          .definedBy("ernie4j.engine..")
          .layer("quant")
          .definedBy("ernie4j.quant..")
          .layer("training")
          .definedBy("ernie4j.training..")
          .layer("zoo")
          .definedBy("ernie4j.zoo..")
          .layer("pipeline")
          .definedBy("ernie4j.pipeline..")
          .layer("server")
          .definedBy("ernie4j.server..")
          .layer("cli")
          .definedBy("ernie4j.cli..")
          .whereLayer("tokenizer")
          .mayNotAccessAnyLayer()
          .whereLayer("engine")
          .mayNotAccessAnyLayer()
          .whereLayer("quant")
          .mayOnlyAccessLayers("engine")
          .whereLayer("training")
          .mayOnlyAccessLayers("pipeline", "zoo", "quant", "engine", "tokenizer")
          .whereLayer("pipeline")
          .mayOnlyAccessLayers("zoo", "engine", "tokenizer")
          .whereLayer("zoo")
          .mayOnlyAccessLayers("engine", "tokenizer", "quant")
          .whereLayer("server")
          .mayOnlyAccessLayers("pipeline", "engine", "tokenizer")
          .whereLayer("server")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule PIPELINES_KNOW_THE_CACHE_BUT_NO_FORMAT =
      noClasses()
          .that()
          .resideInAPackage("ernie4j.pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ernie4j.zoo",
              "ernie4j.zoo.download..",
              "ernie4j.zoo.conversion..",
              "ernie4j.zoo.huggingface..",
              "ernie4j.zoo.onnx..",
              "ernie4j.zoo.paddle..");

  @ArchTest
  static final ArchRule WHAT_IS_ASKED_KNOWS_NO_HTTP =
      noClasses()
          .that()
          .resideInAPackage("ernie4j.server.task..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ernie4j.server.http..", "io.javalin..", "org.eclipse.jetty..");

  @ArchTest
  static final ArchRule TOKENIZER_NEEDS_ONLY_THE_JDK =
      classes()
          .that()
          .resideInAPackage("ernie4j.tokenizer..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("ernie4j.tokenizer..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule ENGINE_NEEDS_ONLY_THE_JDK_AND_JACKSON_CORE =
      classes()
          .that()
          .resideInAPackage("ernie4j.engine..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "ernie4j.engine..",
              "java..",
              "jdk.incubator.vector..",
              "com.fasterxml.jackson.core..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule ONLY_THE_VECTOR_KERNELS_KNOW_THE_INCUBATOR_MODULE =
      noClasses()
          .that()
          .resideOutsideOfPackage("ernie4j.engine.kernels.vector..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");

  @ArchTest
  static final ArchRule CHOOSING_KERNELS_STANDS_ABOVE_THE_KERNELS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "ernie4j.engine.kernels.scalar..",
              "ernie4j.engine.kernels.vector..",
              "ernie4j.engine.kernels.warmup..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ernie4j.engine.kernels.scalar..",
              "ernie4j.engine.kernels.vector..",
              "ernie4j.engine.kernels.warmup..");

  @ArchTest
  static final ArchRule NO_UNSAFE_AND_NO_NATIVE_CODE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("sun.misc..", "java.lang.foreign..", "ai..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      SlicesRuleDefinition.slices().matching("ernie4j.(**)").should().beFreeOfCycles();
}
