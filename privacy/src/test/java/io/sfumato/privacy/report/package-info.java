@org.jspecify.annotations.NullMarked
package io.sfumato.privacy.report;
