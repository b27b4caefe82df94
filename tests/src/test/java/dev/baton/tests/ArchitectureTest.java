package dev.baton.tests;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import java.io.ObjectInputStream;
import java.security.SecureRandom;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The rules of the house, checked on bytecode. */
final class ArchitectureTest
{
    private static final Set<String> INEXACT_MATH =
        Set.of("sin", "cos", "tan", "exp", "log", "log10", "log1p", "expm1", "pow", "cbrt", "sinh", "cosh", "tanh", "hypot");

    private static final JavaClasses CODE = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("dev.baton");

    @Test
    void shouldLetDependenciesGoOneWay()
    {
        check(noClasses().that().resideInAPackage("dev.baton.stack..")
            .should().dependOnClassesThat()
            .resideInAnyPackage("dev.baton.tun..", "dev.baton.handoff..", "dev.baton.tools.."));
        check(noClasses().that().resideInAPackage("dev.baton.tun..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.baton.handoff..", "dev.baton.tools.."));
        check(noClasses().that().resideInAPackage("dev.baton.handoff..")
            .should().dependOnClassesThat().resideInAnyPackage("dev.baton.tun..", "dev.baton.tools.."));
    }

    @Test
    void shouldKeepTheStackOnTheJdkAndAgronaAlone()
    {
        check(classes().that().resideInAPackage("dev.baton.stack..")
            .should().onlyDependOnClassesThat().resideInAnyPackage("dev.baton.stack..", "java..", "org.agrona.."));
    }

    @Test
    void shouldGiveTheStackTimeRandomnessAndThreadsAsArguments()
    {
        check(noClasses().that().resideInAPackage("dev.baton.stack..").and().resideOutsideOfPackage("dev.baton.stack.nio..")
            .should().callMethod(System.class, "nanoTime")
            .orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(System.class, "identityHashCode", Object.class)
            .orShould().dependOnClassesThat().belongToAnyOf(
                Random.class, ThreadLocalRandom.class, SecureRandom.class, Thread.class, Lock.class)
            .orShould().dependOnClassesThat().resideInAPackage("java.util.concurrent.locks"));
    }

    @Test
    void shouldKeepMathWhoseBitsDifferBetweenVersionsOutOfTheStack()
    {
        check(noClasses().that().resideInAPackage("dev.baton.stack..")
            .should().accessTargetWhere(new DescribedPredicate<JavaAccess<?>>("a transcendental function of java.lang.Math")
            {
                @Override
                public boolean test(final JavaAccess<?> access)
                {
                    return access.getTargetOwner().isEquivalentTo(Math.class) &&
                        INEXACT_MATH.contains(access.getTarget().getName());
                }
            }));
    }

    @Test
    void shouldLetOnlyToolsPrintAndExit()
    {
        check(noClasses().that().resideOutsideOfPackage("dev.baton.tools..")
            .should().accessField(System.class, "out")
            .orShould().accessField(System.class, "err")
            .orShould().callMethod(System.class, "exit", int.class)
            .orShould().callMethod(Throwable.class, "printStackTrace"));
    }

    @Test
    void shouldNeverDeserializeObjects()
    {
        check(noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class));
    }

    @Test
    void shouldHaveNoCyclesBetweenThePackagesOfTools()
    {
        check(slices().matching("dev.baton.tools.(*)..").should().beFreeOfCycles());
    }

    @Test
    void shouldKeepTheTcbToStateOnly()
    {
        final JavaClass tcb = CODE.get("dev.baton.stack.tcp.Tcb");
        for (final JavaField field : tcb.getFields())
        {
            if (field.getRawType().isEquivalentTo(Object.class))
            {
                continue;
            }
            if (field.getRawType().getPackageName().startsWith("java.util"))
            {
                throw new AssertionError(field.getFullName() + " is a collection: state of a connection is primitive, or a ring");
            }
        }
        check(fields().that().areDeclaredIn(tcb.reflect()).should().notBeStatic().orShould().beFinal());
    }

    private static void check(final ArchRule rule)
    {
        rule.check(CODE);
    }
}
