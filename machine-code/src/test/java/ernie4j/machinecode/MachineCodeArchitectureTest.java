package ernie4j.machinecode;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The dependencies of the machine code, which alone touches native memory. */
@AnalyzeClasses(packages = "ernie4j", importOptions = ImportOption.DoNotIncludeTests.class)
class MachineCodeArchitectureTest {
  @ArchTest
  static final ArchRule IT_DEPENDS_ONLY_ON_THE_KERNELS =
      classes()
          .that()
          .resideInAPackage("ernie4j.machinecode..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "ernie4j.machinecode..", "ernie4j.engine.kernels", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule THE_ASSEMBLER_BASE_IS_INDEPENDENT =
      classes()
          .that()
          .resideInAPackage("ernie4j.machinecode.assembler..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("ernie4j.machinecode.assembler..", "java..", "org.jspecify..");

  @ArchTest static final ArchRule THE_X86_ASSEMBLER_IS_INDEPENDENT = knowsItself("x86");

  @ArchTest static final ArchRule THE_ARM_ASSEMBLER_IS_INDEPENDENT = knowsItself("aarch64");

  private static ArchRule knowsItself(String assembler) {
    String own = "ernie4j.machinecode." + assembler + "..";
    return classes()
        .that()
        .resideInAPackage(own)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(own, "ernie4j.machinecode.assembler..", "java..", "org.jspecify..");
  }

  @ArchTest
  static final ArchRule NO_OTHER_CODE_USES_NATIVE_MEMORY_OR_REFERS_TO_IT =
      noClasses()
          .that()
          .resideOutsideOfPackage("ernie4j.machinecode..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.lang.foreign..", "ernie4j.machinecode..");

  /** An older JVM must be able to load the provider. */
  @ArchTest
  static final ArchRule THE_PROVIDER_REFERS_TO_NO_NEWER_CLASS =
      noClasses()
          .that()
          .haveFullyQualifiedName(MachineCodeProvider.class.getName())
          .should()
          .dependOnClassesThat(
              resideInAPackage("ernie4j.machinecode..")
                  .and(not(name(MachineCodeProvider.class.getName()))));
}
