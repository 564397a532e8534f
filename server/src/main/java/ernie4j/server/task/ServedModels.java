package ernie4j.server.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models of a server, in the order in which they were added. */
public final class ServedModels {
  private final List<ServedModel<?>> all;
  private final Map<String, ServedModel<?>> byName = new HashMap<>();

  /**
   * Models with different names.
   *
   * @throws IllegalArgumentException if there is no model
   */
  public ServedModels(List<ServedModel<?>> models) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("serve: expected at least one model, got none");
    }
    all = List.copyOf(models);
    all.forEach(model -> byName.put(model.name(), model));
  }

  /** All models. */
  public List<ServedModel<?>> all() {
    return all;
  }

  /**
   * The model for a request: the named one or, without a name, the first one that serves the path.
   *
   * @throws RequestException with status 404 if there is none; the message lists the models
   */
  public ServedModel<?> forRequest(String path, @Nullable String name) {
    Optional<ServedModel<?>> found =
        name != null
            ? Optional.ofNullable(byName.get(name))
            : all.stream().filter(model -> model.paths().contains(path)).findFirst();
    return found.orElseThrow(
        () ->
            RequestException.notFound(
                RequestFields.MODEL,
                name == null
                    ? "no model of this service answers %s; the models are %s"
                        .formatted(path, described())
                    : "model: there is no %s; the models are %s".formatted(name, described())));
  }

  private String described() {
    return String.join(
        ", ", all.stream().map(m -> m.name() + " (" + m.paths().get(0) + ")").toList());
  }
}
