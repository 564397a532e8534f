package ernie4j.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which property names a model that cannot be used, in place of a stack trace. */
final class ModelFailureAnalyzer extends AbstractFailureAnalyzer<ModelNotLoadedException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, ModelNotLoadedException cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Set %s to a model file for this task or the name of a pulled model ('ernie4j models' lists them)."
            .formatted(cause.property()),
        cause);
  }
}
