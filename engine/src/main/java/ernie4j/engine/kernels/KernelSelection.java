package ernie4j.engine.kernels;

import ernie4j.engine.platform.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the kernels of this JVM, once: the first {@link KernelProvider} on the list, best first,
 * that does not refuse. A refusal is a full sentence that says what to change, logged at INFO.
 *
 * <p>{@code -Dernie4j.kernels=NAME} demands a provider, such as {@code scalar} or {@code vector}.
 * If it is unavailable, an {@link IllegalStateException} is thrown. The default, {@code auto},
 * computes at full speed as soon as possible: until the JVM has compiled the chosen kernels, the
 * next ones on the list stand in for them, with the same bits. Demanded kernels compute themselves
 * from the first call on, which is slow until they are compiled.
 */
public final class KernelSelection {
  private KernelSelection() {}

  /** The system property that demands a provider. */
  public static final String PROPERTY = "ernie4j.kernels";

  private static @Nullable Kernels best;

  // Not in the initializer of a class: a demand that cannot be fulfilled must stay the exception it
  // is.
  static synchronized Kernels best() {
    Kernels chosen = best;
    if (chosen == null) {
      chosen = choose(System.getProperty(PROPERTY, "auto"));
      best = chosen;
    }
    return chosen;
  }

  /**
   * Checks whether this JVM can use the kernels of a provider.
   *
   * @param name the name of a provider, such as {@code vector}
   * @return one sentence that says what to change; empty if they can be used
   */
  public static Optional<String> refusal(String name) {
    return find(name)
        .map(provider -> provider.refusal().or(() -> provider.wrongResults(() -> below(provider))))
        .orElseGet(() -> Optional.of(unknown(name)));
  }

  static Kernels choose(String wish) {
    return wish.equals("auto")
        ? Kernels.of(start(providers()))
        : demanded(wish, "-D" + PROPERTY + "=" + wish + " cannot be fulfilled.");
  }

  static Kernels demanded(String name, String complaint) {
    Optional<String> refusal = refusal(name);
    if (refusal.isPresent()) {
      throw new IllegalStateException(complaint + " " + refusal.get());
    }
    KernelProvider provider = find(name).get();
    return Kernels.of(provider.table(() -> below(provider)));
  }

  static Kernels named(String name) {
    Optional<KernelProvider> provider = find(name);
    Optional<String> refusal =
        provider.map(KernelProvider::refusal).orElseGet(() -> Optional.of(unknown(name)));
    if (refusal.isPresent()) {
      throw new IllegalStateException(String.format("The %s kernels: %s", name, refusal.get()));
    }
    return Kernels.of(provider.get().start(() -> below(provider.get())));
  }

  /** The functions that would be chosen without this provider and those before it. */
  private static KernelTable below(KernelProvider provider) {
    return below(providers(), providers().indexOf(provider));
  }

  private static KernelTable below(List<KernelProvider> list, int i) {
    List<KernelProvider> others = list.subList(i + 1, list.size());
    int next = firstOf(others);
    return others.get(next).startWhenNeeded(() -> below(others, next));
  }

  /** The functions of the first provider that does not refuse. */
  private static KernelTable start(List<KernelProvider> list) {
    int first = firstOf(list);
    return list.get(first).start(() -> below(list, first));
  }

  /** The place of the first provider that does not refuse; the sentences of others are logged. */
  private static int firstOf(List<KernelProvider> list) {
    for (int i = 0; i < list.size(); i++) {
      Optional<String> refusal = list.get(i).refusal();
      if (refusal.isEmpty()) {
        return i;
      }
      Log.info(refusal.get());
    }
    throw new IllegalStateException(
        "No kernels were found, not even the plain-Java ones: META-INF/services/"
            + KernelProvider.class.getName()
            + " is missing; if jars were merged into one, merge their service files too.");
  }

  private static Optional<KernelProvider> find(String name) {
    return providers().stream().filter(provider -> provider.name().equals(name)).findFirst();
  }

  private static String unknown(String name) {
    return String.format(
        "There are no kernels named '%s'; expected auto or one of: %s.",
        name, providers().stream().map(KernelProvider::name).collect(Collectors.joining(", ")));
  }

  /** All installed providers, best first. */
  private static List<KernelProvider> providers() {
    return Chosen.PROVIDERS;
  }

  private static final class Chosen {
    static final List<KernelProvider> PROVIDERS = find();

    private static List<KernelProvider> find() {
      List<KernelProvider> list = new ArrayList<>();
      for (KernelProvider provider :
          ServiceLoader.load(KernelProvider.class, KernelProvider.class.getClassLoader())) {
        int at = 0;
        while (at < list.size() && list.get(at).preference() > provider.preference()) {
          at++;
        }
        list.add(at, provider);
      }
      return List.copyOf(list);
    }
  }
}
