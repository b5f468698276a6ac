package kmsemulator

import (
	"testing"
	"time"
)

func TestDurationsAreWrittenInPartsOfAtMostFourDigits(t *testing.T) {
	const day = 24 * time.Hour
	for want, given := range map[string]time.Duration{
		"0":               0,
		"1ms":             time.Nanosecond,
		"200ms":           200 * time.Millisecond,
		"1m 30s":          90 * time.Second,
		"8d":              8 * day,
		"9999d 23h":       9999*day + 23*time.Hour,
		"1d 2h 3m 4s 5ms": day + 2*time.Hour + 3*time.Minute + 4*time.Second + 5*time.Millisecond,
	} {
		if got, err := formatDuration(given); got != want || err != nil {
			t.Errorf("%v: got %q, %v, want %q", given, got, err, want)
		}
	}
	for _, given := range []time.Duration{-1, 10_000 * day} {
		if got, err := formatDuration(given); err == nil {
			t.Errorf("%v: got %q", given, got)
		}
	}
}
