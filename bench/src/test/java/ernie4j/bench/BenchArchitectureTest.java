package ernie4j.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The rules of {@code ArchitectureTest} in cli, which does not see this module. */
@AnalyzeClasses(packages = "ernie4j.bench", importOptions = ImportOption.DoNotIncludeTests.class)
class BenchArchitectureTest {
  @ArchTest
  static final ArchRule ONLY_THE_PEAK_KNOWS_THE_INCUBATOR_MODULE =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("ernie4j.bench.jmh.FmaPeak")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");

  @ArchTest
  static final ArchRule KERNELS_ARE_ASKED_FOR_BY_NAME =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ernie4j.engine.kernels.scalar..",
              "ernie4j.engine.kernels.vector..",
              "ernie4j.engine.kernels.warmup..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      SlicesRuleDefinition.slices().matching("ernie4j.(**)").should().beFreeOfCycles();
}
