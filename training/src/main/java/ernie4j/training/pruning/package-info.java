/**
 * Width pruning after DynaBERT (Hou et al., 2020): the heads and neurons of a fine-tuned model are
 * sorted by importance, then its leading parts are trained to imitate the whole model.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.pruning;
